package dz.flexy.gateway.breaker;

import java.time.Duration;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BreakersTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final Duration REST = Duration.ofSeconds(5);

	private final SettableClock clock = new SettableClock();

	private final Breakers breakers = new Breakers(new SimpleMeterRegistry(), this.clock);

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
	void nothingIsTakenBeforeTheSubscription() {
		halfOpen();

		Mono<Verdict> early = guard(Mono.just(Verdict.SUCCESS));

		assertThat(admits()).isTrue();
		assertThat(early.toFuture()).isCompleted();
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
