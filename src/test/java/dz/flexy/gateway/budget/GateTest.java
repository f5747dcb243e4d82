package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import io.github.resilience4j.ratelimiter.event.RateLimiterEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static dz.flexy.gateway.budget.GateUnderTest.SPACING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@Isolated("virtual time replaces the schedulers of the whole process")
class GateTest {

	private static final Duration BLINK = Duration.ofMillis(20);

	private GateUnderTest gate;

	@BeforeEach
	void open() {
		this.gate = GateUnderTest.heard();
	}

	@AfterEach
	void close() {
		this.gate.close();
	}

	@Test
	void oneCallLeavesBeforeTheFirstAnswer() {
		this.gate.close();
		this.gate = new GateUnderTest();
		Permit first = this.gate.granted(Lane.SEND);
		CompletableFuture<Permit> second = this.gate.acquire(Lane.SEND);

		first.begin();
		this.gate.pass(Duration.ofSeconds(10));
		assertThat(second).isNotDone();

		this.gate.told(200, null, null, null);
		first.close();
		this.gate.pass(BLINK);
		assertThat(second).isCompleted();
	}

	@Test
	void admitsABurstAtOnceAndThenEvenSteps() {
		burst();
		CompletableFuture<Permit> third = this.gate.acquire(Lane.SEND);

		this.gate.pass(SPACING.minus(BLINK));
		assertThat(third).isNotDone();

		this.gate.pass(BLINK);
		assertThat(third).isCompleted();
	}

	@Test
	void admitsInTheOrderOfArrivalWithinALane() {
		burst();
		List<Integer> order = new ArrayList<>();
		IntStream.range(0, 3).forEach((i) -> this.gate.acquire(Lane.SEND).thenAccept((permit) -> order.add(i)));

		this.gate.pass(SPACING.multipliedBy(2));

		assertThat(order).containsExactly(0, 1);
	}

	@Test
	void aSendGoesBeforeLookupsThatCameEarlier() {
		burst();
		List<CompletableFuture<Permit>> lookups = IntStream.range(0, 20)
			.mapToObj((i) -> this.gate.acquire(Lane.LOOKUP))
			.toList();
		this.gate.pass(SPACING.multipliedBy(10));
		long admitted = lookups.stream().filter(CompletableFuture::isDone).count();

		CompletableFuture<Permit> send = this.gate.acquire(Lane.SEND);
		this.gate.pass(SPACING);

		assertThat(admitted).isBetween(7L, 10L);
		assertThat(send).isCompleted();
	}

	@Test
	void lanesHaveTheirShareHoweverManySendsWait() {
		List<CompletableFuture<Permit>> sends = many(Lane.SEND);
		List<CompletableFuture<Permit>> settles = many(Lane.SETTLE);
		List<CompletableFuture<Permit>> tracks = many(Lane.TRACK);
		List<CompletableFuture<Permit>> lookups = many(Lane.LOOKUP);

		this.gate.pass(Duration.ofMinutes(1));

		assertThat(done(sends)).isBetween(38L, 48L);
		assertThat(done(settles)).isBetween(50L, 56L);
		assertThat(done(tracks)).isBetween(14L, 18L);
		assertThat(done(lookups)).isBetween(5L, 7L);
		assertThat(done(sends) + done(settles) + done(tracks) + done(lookups)).isBetween(118L, 124L);
	}

	@Test
	void whatALaneBorrowedIsNotHeldAgainstItsShare() {
		List<CompletableFuture<Permit>> settles = many(Lane.SETTLE);
		this.gate.pass(Duration.ofSeconds(50));
		long borrowed = done(settles);

		List<CompletableFuture<Permit>> sends = many(Lane.SEND);
		this.gate.pass(Duration.ofSeconds(30));

		assertThat(borrowed).isGreaterThan(90);
		assertThat(done(settles) - borrowed).isBetween(24L, 36L);
		assertThat(done(sends)).isBetween(24L, 38L);
	}

	@Test
	void whatALaneLeavesTheOthersUse() {
		List<CompletableFuture<Permit>> lookups = many(Lane.LOOKUP);

		this.gate.pass(Duration.ofMinutes(1));

		assertThat(done(lookups)).isBetween(117L, 120L);
	}

	@Test
	void sweepsNeverHaveMoreThanTheirShare() {
		List<CompletableFuture<Permit>> tracks = many(Lane.TRACK);

		this.gate.pass(Duration.ofSeconds(58));

		assertThat(done(tracks)).isBetween(15L, 18L);
	}

	@Test
	void aCancelLeavesTheQueueAndBurnsNothing() {
		burst();
		CompletableFuture<Permit> first = this.gate.acquire(Lane.SEND);
		CompletableFuture<Permit> second = this.gate.acquire(Lane.SEND);
		int charged = this.gate.rows().charged();

		first.cancel(true);
		this.gate.pass(SPACING);

		assertThat(second).isCompleted();
		assertThat(this.gate.rows().charged()).isEqualTo(charged + 1);
	}

	@Test
	void refusesAtOnceAWaitThatCannotBeMet() {
		burst();
		this.gate.acquire(Lane.SEND);

		BudgetExhausted refused = refusal(this.gate.acquire(Lane.SEND, SPACING));

		assertThat(refused.retryAfter()).isBetween(SPACING, SPACING.multipliedBy(2));
		assertThat(this.gate.acquire(Lane.SEND, SPACING.multipliedBy(3))).isNotDone();
	}

	@Test
	void refusesALookupThatSendsWouldNotLetThroughInTime() {
		many(Lane.SEND);
		many(Lane.SETTLE);
		many(Lane.TRACK);
		List<CompletableFuture<Permit>> lookups = IntStream.range(0, 5)
			.mapToObj((i) -> this.gate.acquire(Lane.LOOKUP))
			.toList();
		this.gate.pass(Duration.ofSeconds(30));

		BudgetExhausted refused = refusal(this.gate.acquire(Lane.LOOKUP, Duration.ofSeconds(20)));

		assertThat(done(lookups)).isBetween(2L, 4L);
		assertThat(refused.retryAfter()).isGreaterThan(Duration.ofSeconds(20));
	}

	@Test
	void endsAWaitThatTurnsOutTooLong() {
		burst();
		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND, SPACING);
		this.gate.told(200, "0", "30", null);

		this.gate.pass(SPACING.plusMillis(1));

		assertThat(refusal(permit).retryAfter()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(31));
	}

	@Test
	void anUnusedPermitGoesBackOnce() {
		Permit permit = this.gate.granted(Lane.SEND);
		int charged = this.gate.rows().charged();

		permit.unused();
		permit.close();
		this.gate.pass(Duration.ofSeconds(1));

		assertThat(this.gate.rows().charged()).isEqualTo(charged - 1);
	}

	/** A connection or a commit may take so long. */
	@Test
	void aPermitIsRenewedForFiveSeconds() {
		Permit prompt = this.gate.granted(Lane.SEND);
		Permit late = this.gate.granted(Lane.SEND);

		this.gate.pass(Duration.ofMillis(4_900));
		assertThat(prompt.begin()).isTrue();
		this.gate.pass(Duration.ofMillis(100));
		assertThat(late.begin()).isFalse();
		assertThat(late.begin()).isFalse();
	}

	@Test
	void aPermitHoldsForASecondWithoutTheRow() {
		Permit prompt = this.gate.granted(Lane.SEND);
		Permit late = this.gate.granted(Lane.SEND);
		this.gate.rows().unreadable(true);

		this.gate.pass(Duration.ofMillis(999));
		assertThat(prompt.begin()).isTrue();
		this.gate.pass(Duration.ofMillis(1));
		assertThat(late.begin()).isFalse();
	}

	@Test
	void aPermitHoldsForASecondAfterARefusal() {
		Permit permit = this.gate.granted(Lane.SEND);
		this.gate.told(429, null, null, "30");

		this.gate.pass(Duration.ofSeconds(1));

		assertThat(permit.begin()).isFalse();
	}

	/** As when it crossed a time-out on its way. */
	@Test
	void aPermitThatNobodyClosesGoesBack() {
		this.gate.acquire(Lane.SEND);

		this.gate.pass(Duration.ofSeconds(7));

		assertThat(this.gate.rows().charged()).isZero();
	}

	@Test
	void aClosedPermitBeginsNothing() {
		Permit permit = this.gate.granted(Lane.SEND);

		permit.close();

		assertThat(permit.begin()).isFalse();
	}

	@Test
	void aLongCallCountsUntilAWindowAfterItsEnd() {
		Permit permit = this.gate.granted(Lane.SEND);
		permit.begin();
		this.gate.pass(Duration.ofSeconds(80));
		assertThat(this.gate.rows().charged()).isEqualTo(1);

		permit.answered();
		permit.close();
		this.gate.pass(Duration.ofSeconds(58));
		burst();
		assertThat(this.gate.rows().charged()).isEqualTo(4);

		this.gate.pass(Duration.ofSeconds(3));
		this.gate.acquire(Lane.SEND);
		assertThat(this.gate.rows().charged()).isEqualTo(4);
	}

	/** An upstream that stalls may count it when it goes on. */
	@Test
	void aCallWithoutAnAnswerCountsForFifteenSecondsMore() {
		Permit permit = this.gate.granted(Lane.SEND);
		permit.begin();
		permit.close();

		this.gate.pass(Duration.ofSeconds(72));
		this.gate.granted(Lane.SEND).close();
		this.gate.pass(Duration.ofSeconds(1));
		assertThat(this.gate.rows().charged()).isEqualTo(1);

		this.gate.pass(Duration.ofSeconds(2));
		this.gate.granted(Lane.SEND).close();
		this.gate.pass(Duration.ofSeconds(1));
		assertThat(this.gate.rows().charged()).isZero();
	}

	@Test
	void aSlowRowCostsNobodyHisPlace() {
		this.gate.rows().slow(Duration.ofMillis(1500));
		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND);
		this.gate.pass(Duration.ofSeconds(4));
		assertThat(permit).isNotDone();

		this.gate.rows().slow(Duration.ZERO);
		this.gate.pass(Duration.ofSeconds(3));

		assertThat(permit).isCompleted();
	}

	@Test
	void asksTheRowNoMoreOftenThanItMust() {
		many(Lane.SEND);
		int before = this.gate.rows().exchanges();

		this.gate.pass(Duration.ofSeconds(30));

		assertThat(this.gate.rows().exchanges() - before).isBetween(60, 130);
	}

	@Test
	void aCollisionStartsOver() {
		this.gate.rows().collide(1);

		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.rows().locks()).isZero();
	}

	@Test
	void hasTheRowAloneAfterSomeCollisions() {
		this.gate.rows().collide(1000);

		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.rows().locks()).isOne();
	}

	@Test
	void failsClosedWithoutTheRow() {
		this.gate.rows().unreadable(true);
		CompletableFuture<Permit> refused = this.gate.acquire(Lane.SEND);
		assertThat(refused).isNotDone();

		this.gate.pass(Duration.ofMillis(500));
		assertThat(refusal(refused)).hasMessageContaining("cannot be reached");

		this.gate.rows().unreadable(false);
		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND);
		this.gate.pass(Duration.ofSeconds(1));
		assertThat(permit).isCompleted();
	}

	/** Two exchanges of two seconds, and a pause. */
	@Test
	void refusesIfTheRowIsSilent() {
		this.gate.rows().silentWrites(true);
		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND);

		this.gate.pass(Duration.ofMillis(4_480));
		assertThat(permit).isNotDone();
		this.gate.pass(BLINK.multipliedBy(2));

		assertThat(refusal(permit)).isNotNull();
	}

	/** The row took it in, and must not be told to take it back twice. */
	@Test
	void whatIsInDoubtOnlyAdds() {
		Permit used = this.gate.granted(Lane.SEND);
		Permit unused = this.gate.granted(Lane.SEND);
		used.begin();
		used.answered();
		this.gate.rows().elsewhere((usage) -> usage.charges().replaceAll((at, count) -> count + 5));
		this.gate.rows().silentWrites(true);
		used.close();
		unused.close();
		this.gate.pass(Duration.ofSeconds(3));
		int charged = this.gate.rows().charged();

		this.gate.rows().silentWrites(false);
		this.gate.pass(Duration.ofSeconds(3));

		assertThat(this.gate.rows().charged()).isEqualTo(charged + 1);
	}

	@Test
	void idlesWithoutAnExchange() {
		int before = this.gate.rows().exchanges();

		this.gate.pass(Duration.ofMinutes(10));

		assertThat(this.gate.rows().exchanges()).isEqualTo(before);
	}

	@Test
	void standsAsALimiterOfResilience4j() {
		List<RateLimiterEvent> events = new ArrayList<>();
		this.gate.gate().getEventPublisher().onEvent(events::add);

		burst();
		this.gate.acquire(Lane.SEND);
		this.gate.acquire(Lane.SEND, Duration.ZERO);

		assertThat(events).extracting(RateLimiterEvent::getEventType)
			.containsExactly(RateLimiterEvent.Type.SUCCESSFUL_ACQUIRE, RateLimiterEvent.Type.SUCCESSFUL_ACQUIRE,
					RateLimiterEvent.Type.SUCCESSFUL_ACQUIRE, RateLimiterEvent.Type.FAILED_ACQUIRE);
		assertThat(this.gate.gate().getMetrics().getNumberOfWaitingThreads()).isEqualTo(1);
		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isZero();
		assertThat(this.gate.gate().getRateLimiterConfig().getLimitForPeriod()).isEqualTo(120);
		assertThat(this.gate.gate().acquirePermission()).isFalse();
		assertThat(this.gate.gate().reservePermission()).isEqualTo(-1);
		assertThatThrownBy(() -> this.gate.gate().changeLimitForPeriod(500))
			.isInstanceOf(UnsupportedOperationException.class);
	}

	@Test
	void aPermitOfOneWhoLeftGoesToWhoeverAsksNext() {
		leaveWhileAsking();

		CompletableFuture<Permit> next = this.gate.acquire(Lane.LOOKUP);

		assertThat(next).isCompleted();
		assertThat(this.gate.rows().charged()).isEqualTo(1);
	}

	@Test
	void aPermitThatNobodyAsksForGoesBack() {
		leaveWhileAsking();
		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isEqualTo(1);

		this.gate.pass(Duration.ofSeconds(2));

		assertThat(this.gate.rows().charged()).isZero();
	}

	@Test
	void drainingGivesBackWhatIsAtHand() {
		leaveWhileAsking();

		this.gate.gate().drainPermissions();
		this.gate.pass(Duration.ofMillis(500));

		assertThat(this.gate.rows().charged()).isZero();
	}

	@Test
	void closingGivesBackWhatIsAtHand() {
		leaveWhileAsking();

		this.gate.gate().close();
		this.gate.pass(Duration.ofMillis(500));

		assertThat(this.gate.rows().charged()).isZero();
	}

	@Test
	void closingRefusesWhoeverWaits() {
		burst();
		CompletableFuture<Permit> waiting = this.gate.acquire(Lane.SEND);

		this.gate.gate().close();

		assertThat(refusal(waiting)).hasMessageContaining("stops");
	}

	private void leaveWhileAsking() {
		this.gate.rows().slow(Duration.ofMillis(100));
		this.gate.acquire(Lane.SEND).cancel(true);
		this.gate.pass(Duration.ofMillis(200));
		this.gate.rows().slow(Duration.ZERO);
	}

	private void burst() {
		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
	}

	private List<CompletableFuture<Permit>> many(Lane lane) {
		List<CompletableFuture<Permit>> permits = IntStream.range(0, 130)
			.mapToObj((i) -> this.gate.acquire(lane))
			.toList();
		permits.forEach((permit) -> permit.thenAccept((given) -> {
			given.begin();
			given.answered();
			given.close();
		}));
		return permits;
	}

	private static long done(List<CompletableFuture<Permit>> permits) {
		return permits.stream().filter((permit) -> permit.isDone() && !permit.isCompletedExceptionally()).count();
	}

	private static BudgetExhausted refusal(CompletableFuture<Permit> permit) {
		assertThat(permit).isCompletedExceptionally();
		return (BudgetExhausted) catchThrowableOfType(CompletionException.class, permit::join).getCause();
	}

}
