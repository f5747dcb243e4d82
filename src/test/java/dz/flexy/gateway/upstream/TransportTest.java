package dz.flexy.gateway.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.PublisherProbe;

import static org.assertj.core.api.Assertions.assertThat;

/** One connection per lane, over real HTTP; the simulator counts what it is asked. */
class TransportTest {

	private static final RequestMatch SEND = RequestMatch.onSend();

	private static final RequestMatch BALANCE = RequestMatch.onWord("balance");

	private final UpstreamUnderTest under = UpstreamUnderTest.start(Map.of("gateway.upstream.connections", 1));

	@BeforeEach
	void passTheKeyCheck() {
		assertThat(this.under.passTheKeyCheck()).isInstanceOf(Outcome.Success.class);
		this.under.simulator().requests().clear();
	}

	@AfterEach
	void close() {
		this.under.close();
	}

	@Test
	void aRefusedConnectionSendsNothing() {
		PublisherProbe<Void> commit = PublisherProbe.empty();
		this.under.simulator().refuseConnections(true);

		Outcome<Receipt> outcome = this.under.send("a", commit.mono()).block();

		assertThat(outcome).isInstanceOfSatisfying(Outcome.NotSent.class,
				(notSent) -> assertThat(notSent.fault()).isEqualTo(Fault.UPSTREAM));
		commit.assertWasNotSubscribed();
	}

	/** Eight are left of a burst of ten. */
	@Test
	void aRefusedConnectionGivesItsPermitBack() {
		this.under.simulator().refuseConnections(true);

		for (int i = 0; i < 9; i++) {
			this.under.send("down-" + i);
		}

		assertThat(untilNext()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "CUT", "RESET", "ANSWER_LOST", "RESET_AFTER" })
	void aLostAnswerMayHaveActedAndIsNotAskedForAgain(Simulated fault) {
		fault(fault, SEND);
		fault(fault, BALANCE);

		assertThat(this.under.send("a")).isInstanceOf(Outcome.MayHaveActed.class);
		assertThat(this.under.balance()).isInstanceOf(Outcome.MayHaveActed.class);

		assertThat(this.under.requests("send")).isEqualTo(1);
		assertThat(this.under.requests("balance")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CUT", "RESET" })
	void aPooledConnectionThatBreaksIsNotUsedForARepeat(Simulated fault) {
		assertThat(this.under.send("a")).isInstanceOf(Outcome.Success.class);
		fault(fault, SEND);

		assertThat(this.under.send("b")).isInstanceOf(Outcome.MayHaveActed.class);

		assertThat(this.under.requests("send")).isEqualTo(2);
	}

	@Test
	void aPooledConnectionThatThePeerClosedCostsNothing() {
		assertThat(this.under.send("a")).isInstanceOf(Outcome.Success.class);
		this.under.simulator().refuseConnections(true);
		this.under.simulator().refuseConnections(false);

		Outcome<Receipt> outcome = this.under.send("b");

		long arrived = this.under.requests("send") - 1;
		assertThat(arrived).isEqualTo((outcome instanceof Outcome.Success<?>) ? 1 : 0);
		assertThat(outcome).isNotInstanceOf(Outcome.Refused.class);
	}

	/** This is what the client would repeat by itself, and run the commit again. */
	@Test
	void aConnectionThatIsResetDuringTheCommitIsNotReplaced() throws IOException {
		try (ServerSocket peer = new ServerSocket(0)) {
			this.under.restart("gateway.upstream.base-url", "http://localhost:" + peer.getLocalPort());
			PublisherProbe<Void> commit = PublisherProbe.of(Mono.<Void>fromRunnable(() -> reset(peer))
				.subscribeOn(Schedulers.boundedElastic())
				.then(Mono.never()));

			assertThat(this.under.send("a", commit.mono()).block()).isInstanceOf(Outcome.NotSent.class);

			assertThat(commit.subscribeCount()).isEqualTo(1);
		}
	}

	@Test
	void anAnswerThatDoesNotComeMayHaveActed() {
		fault(Simulated.HANG, SEND);

		assertThat(this.under.send("a")).isInstanceOf(Outcome.MayHaveActed.class);
		assertThat(this.under.requests("send")).isEqualTo(1);
	}

	@Test
	void aConnectionThatIsNotHadInTimeSendsNothing() {
		PublisherProbe<Void> commit = PublisherProbe.empty();
		CompletableFuture<Void> begun = new CompletableFuture<>();
		CompletableFuture<Outcome<Receipt>> first = this.under
			.send("a", Mono.<Void>never().doOnSubscribe((asked) -> begun.complete(null)))
			.toFuture();
		assertThat(begun).succeedsWithin(Duration.ofSeconds(20));

		Outcome<Receipt> second = this.under.send("b", commit.mono()).block();

		assertThat(second).isInstanceOf(Outcome.NotSent.class);
		commit.assertWasNotSubscribed();
		assertThat(this.under.requests("send")).isZero();
		first.cancel(true);
	}

	@Test
	void aFailedCommitSendsNothing() {
		Mono<Void> failing = Mono.error(new IllegalStateException("not to be sent"));

		Outcome<Receipt> outcome = this.under.send("a", failing).block();

		assertThat(outcome).isInstanceOfSatisfying(Outcome.NotSent.class,
				(notSent) -> assertThat(notSent.fault()).isEqualTo(Fault.GATEWAY));
		assertThat(this.under.requests("send")).isZero();
		assertThat(this.under.send("b")).isInstanceOf(Outcome.Success.class);
	}

	@Test
	void aCommitRunsOnceRightBeforeTheFirstByte() {
		PublisherProbe<Void> commit = PublisherProbe
			.of(Mono.<Void>fromRunnable(() -> assertThat(this.under.requests("send")).isZero()));

		assertThat(this.under.send("a", commit.mono()).block()).isInstanceOf(Outcome.Success.class);

		assertThat(commit.subscribeCount()).isEqualTo(1);
		assertThat(this.under.requests("send")).isEqualTo(1);
	}

	@Test
	void aCancelledReadFreesItsConnection() {
		fault(Simulated.HANG, BALANCE);
		CompletableFuture<Outcome<BigDecimal>> read = read().toFuture();
		this.under.simulator().requests().first(BALANCE).block(Duration.ofSeconds(10));

		read.cancel(true);

		assertThat(this.under.balance()).isInstanceOf(Outcome.Success.class);
	}

	@Test
	void oneLanesHangingConnectionHoldsNoOtherUp() {
		fault(Simulated.HANG, BALANCE);
		CompletableFuture<Outcome<BigDecimal>> read = read().toFuture();
		this.under.simulator().requests().first(BALANCE).block(Duration.ofSeconds(10));

		assertThat(this.under.send("a")).isInstanceOf(Outcome.Success.class);
		assertThat(read).isNotDone();
		read.cancel(true);
	}

	@Test
	void beingLimitedSentNothingAndStopsTheLane() {
		fault(Simulated.LIMITED, SEND);

		assertThat(this.under.send("a")).isInstanceOf(Outcome.NotSent.class);
		assertThat(untilNext()).isGreaterThan(Duration.ofSeconds(25));
		assertThat(this.under.send("b")).isInstanceOfSatisfying(Outcome.NotSent.class,
				(notSent) -> assertThat(notSent.fault()).isEqualTo(Fault.GATEWAY));
		assertThat(this.under.requests("send")).isEqualTo(1);
	}

	/** The call is classified as limited, so the budget must rest as well. */
	@Test
	void beingLimitedInOtherWordsStopsTheLane() {
		this.under.simulator()
			.faults()
			.next(dz.flexy.gateway.simulator.Fault.refused(403, "RATE-LIMIT-EXCEEDED"), SEND);

		assertThat(this.under.send("a")).isInstanceOf(Outcome.NotSent.class);

		assertThat(untilNext()).isPositive();
	}

	@Test
	void anOpenBreakerSendsNothingAndTakesNoPermit() {
		this.under.simulator().refuseConnections(true);
		for (int i = 0; i < 10; i++) {
			this.under.send("down-" + i);
		}
		this.under.simulator().refuseConnections(false);

		Outcome<Receipt> outcome = this.under.send("a");

		assertThat(outcome)
			.isEqualTo(new Outcome.NotSent<Receipt>(Fault.UPSTREAM, "circuit breaker open", Duration.ofSeconds(5)));
		assertThat(this.under.requests("send")).isZero();
		this.under.clock().advance(Duration.ofSeconds(6));
		assertThat(this.under.send("b")).isInstanceOf(Outcome.Success.class);
	}

	private static void reset(ServerSocket peer) {
		try (Socket connection = peer.accept()) {
			connection.setSoLinger(true, 0);
		}
		catch (IOException failed) {
			throw new UncheckedIOException(failed);
		}
	}

	private Mono<Outcome<BigDecimal>> read() {
		return this.under.upstream().balance(Call.refresh(this.under.account()));
	}

	private Duration untilNext() {
		return this.under.upstream().timeFor(this.under.account(), 0);
	}

	private void fault(Simulated fault, RequestMatch match) {
		this.under.simulator().faults().next(fault.fault.get(), match);
	}

	/** The simulator's faults, whose name is that of our own notion of fault. */
	private enum Simulated {

		CUT(dz.flexy.gateway.simulator.Fault::cutBeforeCommit),
		RESET(dz.flexy.gateway.simulator.Fault::resetBeforeCommit),
		ANSWER_LOST(dz.flexy.gateway.simulator.Fault::answerLost),
		RESET_AFTER(dz.flexy.gateway.simulator.Fault::resetAfterCommit),
		HANG(dz.flexy.gateway.simulator.Fault::hangBeforeCommit),
		LIMITED(() -> dz.flexy.gateway.simulator.Fault.limited(Duration.ofSeconds(30)));

		private final Supplier<dz.flexy.gateway.simulator.Fault> fault;

		Simulated(Supplier<dz.flexy.gateway.simulator.Fault> fault) {
			this.fault = fault;
		}

	}

}
