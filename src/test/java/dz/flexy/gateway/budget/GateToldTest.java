package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.resilience4j.ratelimiter.event.RateLimiterEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static dz.flexy.gateway.budget.GateUnderTest.SPACING;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a gate tells the row, what it tells of itself, and what it does with leftovers.
 */
@Isolated("virtual time replaces the schedulers of the whole process")
class GateToldTest {

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
	void anAnswerThatNobodyWaitsForIsToldALittleLater() {
		int before = this.gate.rows().exchanges();

		this.gate.told(200, null, null, null);
		this.gate.pass(Duration.ofMillis(240));
		assertThat(this.gate.rows().exchanges()).isEqualTo(before);
		this.gate.pass(BLINK);

		assertThat(this.gate.rows().exchanges()).isEqualTo(before + 1);
	}

	/** It stops all other replicas. */
	@Test
	void aRefusalIsToldAtOnce() {
		this.gate.told(429, null, null, "3");
		this.gate.pass(Duration.ofMillis(10));

		assertThat(blockedFor()).isGreaterThan(Duration.ofSeconds(2));
	}

	@Test
	void whatComesAfterARefusalIsInNoHurryAgain() {
		this.gate.told(429, null, null, "3");
		this.gate.pass(Duration.ofSeconds(5));
		int before = this.gate.rows().exchanges();

		this.gate.told(200, null, null, null);
		this.gate.pass(Duration.ofMillis(240));

		assertThat(this.gate.rows().exchanges()).isEqualTo(before);
	}

	@Test
	void aRefusalStopsThisReplicaBeforeTheRowKnowsOfIt() {
		this.gate.told(429, null, null, "3");

		assertThat(this.gate.gate().timeFor(Lane.SEND, 0)).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_250));
	}

	@Test
	void whatAnotherReplicaHeardStopsThisOne() {
		elsewhereRefused(Duration.ofSeconds(10));
		this.gate.acquire(Lane.SEND);

		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isBetween(Duration.ofSeconds(10),
				Duration.ofMillis(11_000));
	}

	@Test
	void whatIsUnusedIsToldBeforeItsRenewal() {
		Permit permit = this.gate.granted(Lane.SEND);

		permit.unused();
		this.gate.pass(Duration.ofMillis(260));

		assertThat(this.gate.rows().charged()).isZero();
	}

	/** The loop asks each second, whether anything is due or not. */
	@Test
	void anExchangeThatWasNotDuePutsNoRenewalOff() {
		Permit permit = this.gate.granted(Lane.SEND);

		this.gate.pass(Duration.ofMillis(100));
		this.gate.gate().exchange().subscribe();
		this.gate.pass(Duration.ofSeconds(2));

		assertThat(permit.begin()).isTrue();
	}

	@Test
	void whatCollidesIsNotGranted() {
		this.gate.rows().collide(5);

		this.gate.granted(Lane.SEND);

		assertThat(this.gate.rows().charged()).isOne();
	}

	@Test
	void collisionsWithoutEndAreAFailure() {
		this.gate.rows().collide(Integer.MAX_VALUE);

		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND);
		this.gate.pass(Duration.ofSeconds(1));

		assertThat(permit).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(BudgetExhausted.class)
			.withMessageContaining("cannot be reached");
	}

	@Test
	void whoeverCanJustWaitLongEnoughWaits() {
		burst();
		Duration wait = this.gate.gate().timeFor(Lane.SEND, 0);

		CompletableFuture<Permit> permit = this.gate.acquire(Lane.SEND, wait);
		this.gate.pass(wait);

		assertThat(permit).isCompletedWithValueMatching(Permit::begin);
	}

	@Test
	void theTimeForSomeCallsIsTheirTurnsBehindThoseWhoWait() {
		assertThat(this.gate.gate().timeFor(Lane.SEND, 0)).isZero();
		assertThat(this.gate.gate().timeFor(Lane.SEND, 4)).isEqualTo(SPACING.multipliedBy(4));

		burst();
		this.gate.acquire(Lane.SEND);
		this.gate.acquire(Lane.SEND);

		assertThat(this.gate.gate().timeFor(Lane.SEND, 4)).isBetween(SPACING.multipliedBy(6), SPACING.multipliedBy(7));
	}

	@Test
	void onlyTheLanesThatGetWhatIsLeftAreJudgedByHowTheyMoved() {
		this.gate.rows().silentWrites(true);
		this.gate.acquire(Lane.TRACK);
		this.gate.acquire(Lane.LOOKUP);

		this.gate.pass(Duration.ofMillis(1_900));

		assertThat(this.gate.gate().timeFor(Lane.TRACK, 0)).isLessThan(Duration.ofSeconds(1));
		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isEqualTo(Duration.ofMillis(3_800));
	}

	/** What stops everybody does not make a lane slow. */
	@Test
	void aRestIsNotTakenForSlowness() {
		burst();
		for (int i = 0; i < 4; i++) {
			this.gate.acquire(Lane.LOOKUP);
		}
		this.gate.told(429, null, null, "30");

		this.gate.pass(Duration.ofSeconds(10));
		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(23));

		this.gate.pass(Duration.ofSeconds(20).plusMillis(300));
		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isLessThan(Duration.ofSeconds(5));
	}

	/** Too short for the row to call it far. */
	@Test
	void norIsAShortRest() {
		burst();
		for (int i = 0; i < 4; i++) {
			this.gate.acquire(Lane.LOOKUP);
		}
		this.gate.told(429, null, null, "0");

		this.gate.pass(Duration.ofMillis(1_300));

		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isLessThan(Duration.ofSeconds(4));
	}

	@Test
	void norIsAUsedUpWindow() {
		this.gate.rows().elsewhere((usage) -> usage.charges().put(this.gate.rows().now(), 120));
		for (int i = 0; i < 3; i++) {
			this.gate.acquire(Lane.LOOKUP);
		}

		this.gate.pass(Duration.ofSeconds(57));

		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isLessThan(Duration.ofSeconds(5));
	}

	/** The row calls the lane near each time, and each time a send goes before it. */
	@Test
	void whatWaitsBehindOthersIsSlow() {
		this.gate.granted(Lane.LOOKUP);
		for (int i = 0; i < 30; i++) {
			this.gate.acquire(Lane.SEND);
		}
		CompletableFuture<Permit> lookup = this.gate.acquire(Lane.LOOKUP);

		this.gate.pass(Duration.ofSeconds(8));

		assertThat(lookup).isNotDone();
		assertThat(this.gate.gate().timeFor(Lane.LOOKUP, 0)).isGreaterThan(Duration.ofSeconds(12));
	}

	/** 112 calls elsewhere and two here are 114 of 120. */
	@Test
	void callsAreScarceWhenALookupLeavesNoOther() {
		assertThat(this.gate.gate().isScarce()).isFalse();
		this.gate.rows().elsewhere((usage) -> usage.charges().put(this.gate.rows().now() + 60_000_000, 112));

		this.gate.granted(Lane.TRACK);
		assertThat(this.gate.gate().isScarce()).isFalse();
		this.gate.granted(Lane.TRACK);
		assertThat(this.gate.gate().isScarce()).isTrue();
		this.gate.pass(Duration.ofMinutes(3));
		this.gate.granted(Lane.TRACK);

		assertThat(this.gate.gate().isScarce()).isFalse();
	}

	@Test
	void showsWhoWaitsAndWhatWasTaken() {
		this.gate.granted(Lane.SETTLE);
		this.gate.granted(Lane.SEND);
		leaveWhileAsking();
		this.gate.granted(Lane.LOOKUP);
		for (int i = 0; i < 30; i++) {
			this.gate.acquire(Lane.REFRESH);
		}

		Map<Lane, LaneGauge> lanes = lanes(look(0, 0));

		assertThat(lanes).containsOnlyKeys(Lane.values());
		assertThat(lanes.get(Lane.SEND).taken()).isOne();
		assertThat(lanes.get(Lane.SETTLE).taken()).isOne();
		assertThat(lanes.get(Lane.LOOKUP).taken()).isOne();
		assertThat(lanes.get(Lane.TRACK).taken()).isZero();
		assertThat(lanes.get(Lane.REFRESH).waiting()).isBetween(25, 30);
		assertThat(lanes.get(Lane.SEND).waiting()).isZero();
		assertThat(lanes.get(Lane.SEND).share()).isEqualTo(0.33);
		assertThat(lanes.get(Lane.TRACK).due()).isEqualTo(Duration.ofMillis(7));
		assertThat(lanes.get(Lane.SEND).due()).isZero();
	}

	@Test
	void showsWhatTheRowSays() {
		BudgetGauge open = look(0, 0);
		BudgetGauge blocked = look(2_000_001, 3_000_000);

		assertThat(open.account().value()).isEqualTo("main");
		assertThat(open.window()).isEqualTo(Duration.ofSeconds(58));
		assertThat(open.limit()).isEqualTo(60);
		assertThat(open.used()).isEqualTo(11);
		assertThat(open.left()).isEqualTo(49);
		assertThat(open.ends()).isEmpty();
		assertThat(open.blockedUntil()).isEmpty();
		assertThat(blocked.ends()).isEqualTo(Optional.of(Instant.ofEpochSecond(2, 1_000)));
		assertThat(blocked.blockedUntil()).isEqualTo(Optional.of(Instant.ofEpochSecond(3)));
	}

	@Test
	void whatIsAtHandMayBeTakenAsFromAnyLimiter() {
		List<RateLimiterEvent.Type> events = new ArrayList<>();
		leaveWhileAsking();
		this.gate.gate().getEventPublisher().onEvent((event) -> events.add(event.getEventType()));

		assertThat(this.gate.gate().acquirePermission(2)).isFalse();
		assertThat(this.gate.gate().acquirePermission(1)).isTrue();
		assertThat(this.gate.gate().acquirePermission(1)).isFalse();
		this.gate.pass(Duration.ofSeconds(10));

		assertThat(this.gate.rows().charged()).isOne();
		assertThat(events).containsExactly(RateLimiterEvent.Type.FAILED_ACQUIRE,
				RateLimiterEvent.Type.SUCCESSFUL_ACQUIRE, RateLimiterEvent.Type.FAILED_ACQUIRE);
		assertThat(this.gate.gate().getName()).isEqualTo("main");
	}

	@Test
	void whatIsAtHandIsTakenByThatManyNanosecondsAtOnce() {
		leaveWhileAsking();

		assertThat(this.gate.gate().reservePermission(1)).isZero();
	}

	@Test
	void whoeverTakesWhatIsAtHandIsCounted() {
		List<RateLimiterEvent> events = new ArrayList<>();
		leaveWhileAsking();
		this.gate.gate().getEventPublisher().onEvent(events::add);

		this.gate.granted(Lane.SEND);

		assertThat(events).singleElement()
			.extracting(RateLimiterEvent::getEventType)
			.isEqualTo(RateLimiterEvent.Type.SUCCESSFUL_ACQUIRE);
	}

	@Test
	void anOrdinaryAnswerLeavesWhatIsAtHand() {
		leaveWhileAsking();

		this.gate.told(200, null, null, null);

		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isOne();
	}

	/** While the row is silent nothing renews them, and nothing clears them away. */
	@Test
	void whatIsAtHandForTooLongIsNobodys() {
		leaveWhileAsking();
		this.gate.rows().silentWrites(true);
		this.gate.pass(Duration.ofMillis(1_500));

		assertThat(this.gate.gate().acquirePermission(1)).isFalse();
	}

	@Test
	void norIsItGivenToWhoeverAsks() {
		leaveWhileAsking();
		this.gate.rows().silentWrites(true);
		this.gate.pass(Duration.ofMillis(1_500));

		assertThat(this.gate.acquire(Lane.SEND)).isNotDone();
	}

	/** Nobody tells when the call ends, so it counts as one that was not answered. */
	@Test
	void whatALimiterTookIsForgottenAWindowLater() {
		leaveWhileAsking();
		assertThat(this.gate.gate().acquirePermission(1)).isTrue();

		this.gate.pass(Duration.ofSeconds(90));
		this.gate.granted(Lane.SEND);

		assertThat(this.gate.rows().charged()).isOne();
	}

	/** Put back into the lane that it came from, it would be gone for ever. */
	@Test
	void whatIsGrantedTooLateGoesBack() {
		this.gate.rows().slow(Duration.ofMillis(1_500));
		this.gate.acquire(Lane.SEND).cancel(true);
		this.gate.pass(Duration.ofMillis(1_600));
		this.gate.rows().slow(Duration.ZERO);

		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isZero();
		this.gate.pass(Duration.ofMillis(400));

		assertThat(this.gate.rows().charged()).isZero();
	}

	private void leaveWhileAsking() {
		this.gate.rows().slow(Duration.ofMillis(100));
		this.gate.acquire(Lane.SEND).cancel(true);
		this.gate.pass(Duration.ofMillis(200));
		this.gate.rows().slow(Duration.ZERO);
	}

	private void burst() {
		for (int i = 0; i < 3; i++) {
			this.gate.granted(Lane.SEND);
		}
	}

	private BudgetGauge look(long ends, long blockedUntil) {
		return this.gate.gate()
			.gauge(new Look(Rate.of(60, Duration.ofSeconds(58)), 11, 49, ends, blockedUntil,
					Map.of(Lane.TRACK, 7_000L)));
	}

	private static Map<Lane, LaneGauge> lanes(BudgetGauge gauge) {
		return gauge.lanes().stream().collect(Collectors.toMap(LaneGauge::lane, Function.identity()));
	}

	private void elsewhereRefused(Duration rest) {
		RateLimitHeaders refusal = RateLimitHeaders.read(429, Optional.empty(), Optional.empty(), Optional.empty(),
				Optional.of(String.valueOf(rest.toSeconds())), Instant.EPOCH, Duration.ofMinutes(1));
		this.gate.rows()
			.elsewhere((usage) -> usage.exchange(
					new Report(List.of(), List.of(), List.of(), List.of(Heard.of(refusal, Duration.ZERO)), Map.of()),
					Rate.of(120, Duration.ofSeconds(58)), this.gate.rows().now()));
	}

	private Duration blockedFor() {
		List<Long> until = new ArrayList<>();
		this.gate.rows().elsewhere((usage) -> until.add(usage.blockedUntil()));
		return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(until.getFirst() - this.gate.rows().now()));
	}

}
