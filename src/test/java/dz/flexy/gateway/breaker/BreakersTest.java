package dz.flexy.gateway.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.breaker.Breakers.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

class BreakersTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final Duration REST = Duration.ofSeconds(5);

	private final SettableClock clock = new SettableClock();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Breakers breakers = new Breakers(this.meters, this.clock);

	@Test
	void theTenthFailureOpensIt() {
		times(9, Verdict.FAILURE);
		assertThat(admits()).isTrue();
		assertThat(admits()).isTrue();

		call(Verdict.FAILURE);
		assertThat(admits()).isFalse();
	}

	@Test
	void aCallThatFailsCountsAsAFailure() {
		for (int i = 0; i < 10; i++) {
			CompletableFuture<Verdict> failed = guard(Mono.error(new IllegalStateException("broken"))).toFuture();
			assertThat(failed).isCompletedExceptionally();
		}

		assertThat(admits()).isFalse();
	}

	@Test
	void stayClosedWhileMoreThanHalfSucceed() {
		times(6, Verdict.SUCCESS);
		times(5, Verdict.FAILURE);
		assertThat(admits()).isTrue();

		call(Verdict.FAILURE);
		assertThat(admits()).isFalse();
	}

	@Test
	void whatSaysNothingNeitherOpensItNorKeepsItClosed() {
		times(9, Verdict.FAILURE);
		times(100, Verdict.IGNORED);
		assertThat(admits()).isTrue();

		call(Verdict.FAILURE);
		assertThat(admits()).isFalse();
	}

	@Test
	void saysWhenToTryAgain() {
		open();

		assertThatExceptionOfType(BreakerOpen.class).isThrownBy(() -> call(Verdict.SUCCESS))
			.extracting(BreakerOpen::retryAfter)
			.isEqualTo(REST);
	}

	@Test
	void saysWhatIsLeftOfTheRest() {
		open();
		this.clock.advance(Duration.ofSeconds(3));

		assertThatExceptionOfType(BreakerOpen.class).isThrownBy(() -> call(Verdict.SUCCESS))
			.extracting(BreakerOpen::retryAfter)
			.isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void admitsOneProbeAfterItsRest() {
		open();

		this.clock.advance(REST);
		assertThat(admits()).isFalse();

		this.clock.advance(Duration.ofMillis(1));
		CompletableFuture<Verdict> probe = guard(Mono.never()).toFuture();
		assertThat(probe).isNotDone();
		assertThat(admits()).isFalse();
	}

	@Test
	void aProbeThatSucceedsClosesIt() {
		halfOpen();

		call(Verdict.SUCCESS);

		times(9, Verdict.FAILURE);
		assertThat(admits()).isTrue();
	}

	@Test
	void aProbeThatFailsOpensItAgain() {
		halfOpen();

		call(Verdict.FAILURE);

		assertThat(admits()).isFalse();
		this.clock.advance(REST.plusMillis(1));
		assertThat(admits()).isTrue();
	}

	@Test
	void aProbeThatSaysNothingGivesItsPlaceBack() {
		halfOpen();

		times(3, Verdict.IGNORED);
		call(Verdict.FAILURE);

		assertThat(admits()).isFalse();
	}

	@Test
	void aCancelledProbeGivesItsPlaceBack() {
		halfOpen();
		CompletableFuture<Verdict> probe = guard(Mono.never()).toFuture();
		assertThat(admits()).isFalse();

		probe.cancel(true);

		assertThat(admits()).isTrue();
	}

	@Test
	void aProbeThatEndsWithoutAnOutcomeGivesItsPlaceBack() {
		halfOpen();

		assertThat(guard(Mono.empty()).toFuture()).isCompletedWithValue(null);

		assertThat(admits()).isTrue();
	}

	/** It began before the failures, so it is older than what opened the breaker. */
	@ParameterizedTest
	@EnumSource
	void whatACallOfBetterDaysComesToIsLeftOut(Verdict verdict) {
		Sinks.One<Verdict> slow = Sinks.one();
		CompletableFuture<Verdict> before = guard(slow.asMono()).toFuture();
		halfOpen();
		CompletableFuture<Verdict> trial = guard(Mono.never()).toFuture();

		slow.tryEmitValue(verdict);

		assertThat(before).isCompletedWithValue(verdict);
		assertThat(trial).isNotDone();
		assertThat(admits()).isFalse();
		assertThat(report().state()).isEqualTo("HALF_OPEN");
	}

	@Test
	void aCancelledCallOfBetterDaysLetsNoSecondOneThrough() {
		CompletableFuture<Verdict> before = guard(Mono.never()).toFuture();
		halfOpen();
		CompletableFuture<Verdict> trial = guard(Mono.never()).toFuture();

		before.cancel(true);

		assertThat(trial).isNotDone();
		assertThat(admits()).isFalse();
	}

	@Test
	void nothingIsTakenBeforeTheSubscription() {
		halfOpen();

		Mono<Verdict> early = guard(Mono.just(Verdict.SUCCESS));

		assertThat(admits()).isTrue();
		assertThat(early.toFuture()).isCompleted();
	}

	@Test
	void reportsHowItStands() {
		times(4, Verdict.SUCCESS);
		Instant start = this.clock.instant();
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(report())
			.isEqualTo(new BreakerReport("main", "internet", "send", "CLOSED", null, 4, 0, start, Duration.ZERO));

		times(6, Verdict.FAILURE);
		this.clock.advance(Duration.ofSeconds(2));

		assertThat(report()).isEqualTo(new BreakerReport("main", "internet", "send", "OPEN", 60f, 10, 6,
				start.plusSeconds(1), Duration.ofSeconds(3)));
	}

	@Test
	void reportsWhatWasAskedInOrder() {
		admits(new AccountId("other"), Family.MOBILE, Side.READ);
		admits(MAIN, Family.INTERNET, Side.SEND);
		admits(MAIN, Family.INTERNET, Side.READ);

		assertThat(this.breakers.reports())
			.extracting(BreakerReport::account, BreakerReport::family, BreakerReport::side)
			.containsExactly(tuple("main", "internet", "read"), tuple("main", "internet", "send"),
					tuple("other", "mobile", "read"));
	}

	@Test
	void metersAreTaggedReadably() {
		open();

		assertThat(this.meters.get("resilience4j.circuitbreaker.state")
			.tags("name", "main-internet-send", "account", "main", "family", "internet", "side", "send", "state",
					"open")
			.gauge()
			.value()).isEqualTo(1);
	}

	@Test
	void failingSendsLeaveReadsAlone() {
		open();

		assertThat(admits(MAIN, Family.INTERNET, Side.READ)).isTrue();
	}

	@ParameterizedTest
	@EnumSource(value = Family.class, mode = EnumSource.Mode.EXCLUDE, names = "INTERNET")
	void failuresOfOneFamilyLeaveOthersAlone(Family other) {
		open();

		assertThat(admits(MAIN, other, Side.SEND)).isTrue();
	}

	@Test
	void failuresOfOneAccountLeaveOthersAlone() {
		open();

		assertThat(admits(new AccountId("other"), Family.INTERNET, Side.SEND)).isTrue();
	}

	private void open() {
		times(10, Verdict.FAILURE);
	}

	private void halfOpen() {
		open();
		this.clock.advance(REST.plusMillis(1));
	}

	private void times(int count, Verdict verdict) {
		for (int i = 0; i < count; i++) {
			call(verdict);
		}
	}

	private void call(Verdict verdict) {
		guard(Mono.just(verdict)).block();
	}

	private BreakerReport report() {
		return this.breakers.reports()
			.stream()
			.filter((report) -> report.side().equals("send"))
			.findFirst()
			.orElseThrow();
	}

	private Mono<Verdict> guard(Mono<Verdict> call) {
		return this.breakers.guard(MAIN, Family.INTERNET, Side.SEND, call, Function.identity());
	}

	private boolean admits() {
		return admits(MAIN, Family.INTERNET, Side.SEND);
	}

	/** Asks without leaving a trace. */
	private boolean admits(AccountId account, Family family, Side side) {
		return !this.breakers.guard(account, family, side, Mono.just(Verdict.IGNORED), Function.<Verdict>identity())
			.toFuture()
			.isCompletedExceptionally();
	}

}
