package dz.flexy.gateway.breaker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.breaker.Breakers.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A breaker whose calls must not be the first after a failure. */
@Isolated("reads the log of the whole process")
class GuardTest {

	private final SettableClock clock = new SettableClock();

	private final Breakers breakers = new Breakers(new SimpleMeterRegistry(), this.clock);

	private final PublisherProbe<Verdict> well = PublisherProbe.empty();

	private final PublisherProbe<Verdict> call = PublisherProbe.of(Mono.just(Verdict.SUCCESS));

	@Test
	void aClosedBreakerDoesNotProbe() {
		guard(this.well.mono(), this.call.mono()).block();

		this.well.assertWasNotSubscribed();
		this.call.assertWasSubscribed();
	}

	@Test
	void anOpenBreakerDoesNotProbe() {
		open();

		assertThatExceptionOfType(BreakerOpen.class)
			.isThrownBy(() -> guard(this.well.mono(), this.call.mono()).block());

		this.well.assertWasNotSubscribed();
		this.call.assertWasNotSubscribed();
	}

	@Test
	void theCallFollowsAProbeThatIsWellAndDecides() {
		halfOpen();

		assertThat(guard(this.well.mono(), this.call.mono()).block()).isEqualTo(Verdict.SUCCESS);

		assertThat(this.well.subscribeCount()).isEqualTo(1);
		assertThat(state()).isEqualTo("CLOSED");
	}

	@Test
	void aCallThatFailsAfterAGoodProbeOpensAgain() {
		halfOpen();

		guard(this.well.mono(), Mono.just(Verdict.FAILURE)).block();

		assertThat(state()).isEqualTo("OPEN");
	}

	@Test
	void aFailedProbeIsGivenInsteadOfTheCallAndOpensAgain() {
		halfOpen();

		assertThat(guard(Mono.just(Verdict.FAILURE), this.call.mono()).block()).isEqualTo(Verdict.FAILURE);

		this.call.assertWasNotSubscribed();
		assertThat(state()).isEqualTo("OPEN");
		assertThat(refused()).isEqualTo(Breakers.REST);
	}

	@Test
	void aProbeThatBreaksOpensAgain() {
		halfOpen();

		assertThat(guard(Mono.error(new IllegalStateException("broken")), this.call.mono()).toFuture())
			.isCompletedExceptionally();

		this.call.assertWasNotSubscribed();
		assertThat(state()).isEqualTo("OPEN");
	}

	/** Else each waiting call would spend a permit on the same refusal. */
	@Test
	void aProbeThatSaysNothingIsNotRepeatedAtOnce() {
		halfOpen();

		guard(Mono.just(Verdict.IGNORED), this.call.mono()).block();

		this.call.assertWasNotSubscribed();
		assertThat(state()).isEqualTo("HALF_OPEN");
		assertThat(refused()).isEqualTo(Breakers.REST);
		this.clock.advance(Breakers.REST);
		assertThat(guard(this.well.mono(), this.call.mono()).block()).isEqualTo(Verdict.SUCCESS);
		assertThat(this.well.subscribeCount()).isEqualTo(1);
	}

	@Test
	void othersAreRefusedForASecondWhileOneProbes() {
		halfOpen();
		CompletableFuture<Verdict> first = guard(Mono.never(), this.call.mono()).toFuture();

		assertThat(refused()).isEqualTo(Duration.ofSeconds(1));
		assertThat(first).isNotDone();
	}

	@Test
	void othersAreRefusedWhileTheCallRunsAfterItsProbe() {
		halfOpen();
		Sinks.One<Verdict> answer = Sinks.one();
		CompletableFuture<Verdict> first = guard(this.well.mono(), answer.asMono()).toFuture();

		assertThat(refused()).isEqualTo(Duration.ofSeconds(1));
		answer.tryEmitValue(Verdict.SUCCESS);
		assertThat(first).isCompletedWithValue(Verdict.SUCCESS);
		assertThat(state()).isEqualTo("CLOSED");
	}

	@Test
	void aCancelStopsTheProbeAndGivesThePlaceBack() {
		halfOpen();
		PublisherProbe<Verdict> hanging = PublisherProbe.of(Mono.never());
		CompletableFuture<Verdict> first = guard(hanging.mono(), this.call.mono()).toFuture();

		first.cancel(true);

		hanging.assertWasCancelled();
		assertThat(guard(this.well.mono(), this.call.mono()).block()).isEqualTo(Verdict.SUCCESS);
		assertThat(this.well.subscribeCount()).isEqualTo(1);
	}

	@Test
	void aCancelAfterTheProbeGivesThePlaceBack() {
		halfOpen();
		CompletableFuture<Verdict> first = guard(this.well.mono(), Mono.never()).toFuture();

		first.cancel(true);

		assertThat(guard(this.well.mono(), this.call.mono()).block()).isEqualTo(Verdict.SUCCESS);
	}

	/** A refused purchase says nothing, and the next one need not ask again. */
	@Test
	void aGoodProbeHoldsForAsLongAsABreakerRests() {
		halfOpen();
		guard(this.well.mono(), Mono.just(Verdict.IGNORED)).block();
		this.clock.advance(Breakers.REST.minusMillis(1));
		guard(this.well.mono(), Mono.just(Verdict.IGNORED)).block();
		assertThat(this.well.subscribeCount()).isEqualTo(1);

		this.clock.advance(Duration.ofMillis(1));
		guard(this.well.mono(), Mono.just(Verdict.IGNORED)).block();

		assertThat(this.well.subscribeCount()).isEqualTo(2);
	}

	@Test
	void aGoodProbeDoesNotHoldForTheNextTime() {
		halfOpen();
		guard(this.well.mono(), Mono.just(Verdict.FAILURE)).block();
		this.clock.advance(Breakers.REST.plusMillis(1));

		guard(this.well.mono(), this.call.mono()).block();

		assertThat(this.well.subscribeCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "INTERNET")
	void anotherFamilyIsNotProbed(Family other) {
		halfOpen();

		this.breakers
			.guard(new AccountId("main"), other, Side.SEND, this.well.mono(), this.call.mono(), Function.identity())
			.block();

		this.well.assertWasNotSubscribed();
	}

	@Test
	void eachChangeOfStateIsLoggedOnce() {
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
		lines.start();
		logger.addAppender(lines);
		try {
			halfOpen();
			guard(this.well.mono(), this.call.mono()).block();
		}
		finally {
			logger.detachAppender(lines);
		}

		assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO, Level.INFO);
		assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.isEqualTo(List.of("breaker main-internet-send CLOSED -> OPEN, rests PT5S",
					"breaker main-internet-send OPEN -> HALF_OPEN", "breaker main-internet-send HALF_OPEN -> CLOSED"));
	}

	private Duration refused() {
		try {
			guard(this.well.mono(), this.call.mono()).block();
			throw new AssertionError("admitted");
		}
		catch (BreakerOpen open) {
			return open.retryAfter();
		}
	}

	private String state() {
		return this.breakers.reports().getFirst().state();
	}

	private void open() {
		for (int i = 0; i < 10; i++) {
			guard(Mono.empty(), Mono.just(Verdict.FAILURE)).block();
		}
	}

	private void halfOpen() {
		open();
		this.clock.advance(Breakers.REST.plusMillis(1));
	}

	private Mono<Verdict> guard(Mono<Verdict> probe, Mono<Verdict> call) {
		return this.breakers.guard(new AccountId("main"), Family.INTERNET, Side.SEND, probe, call, Function.identity());
	}

}
