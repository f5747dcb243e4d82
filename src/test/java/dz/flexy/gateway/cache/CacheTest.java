package dz.flexy.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CacheTest {

	private static final Duration FRESH = Duration.ofSeconds(10);

	private static final Duration STALE = Duration.ofSeconds(60);

	private final SettableClock clock = new SettableClock();

	private final List<Sinks.One<String>> readings = new ArrayList<>();

	private final Cache<String, String> cache = new Cache<>(this.clock, 10, (key) -> Mono.defer(this::begin));

	@Test
	void oneReadingServesAllWhoAskAtOnce() {
		CompletableFuture<String> first = ask();
		CompletableFuture<String> second = ask();

		answer(0, "a");

		assertThat(first).isCompletedWithValue("a");
		assertThat(second).isCompletedWithValue("a");
		assertThat(this.readings).hasSize(1);
	}

	@Test
	void nothingIsReadBeforeSomebodySubscribes() {
		Mono<Aged<String>> unasked = this.cache.within("k", FRESH);

		assertThat(unasked).isNotNull();
		assertThat(this.readings).isEmpty();
	}

	@Test
	void anAskerWhoCancelsLeavesTheReadingToTheOthers() {
		Disposable impatient = this.cache.within("k", FRESH).subscribe();
		CompletableFuture<String> patient = ask();

		impatient.dispose();
		answer(0, "a");

		assertThat(patient).isCompletedWithValue("a");
		assertThat(this.readings).hasSize(1);
	}

	@Test
	void anAnswerThatNobodyWaitsForAnyMoreIsRemembered() {
		this.cache.within("k", FRESH).subscribe().dispose();

		answer(0, "late");

		assertThat(ask()).isCompletedWithValue("late");
		assertThat(this.readings).hasSize(1);
	}

	@Test
	void failureReachesAllWhoAskedAndIsNotRemembered() {
		CompletableFuture<String> first = ask();
		CompletableFuture<String> second = ask();

		fail(0);
		CompletableFuture<String> later = ask();
		answer(1, "b");

		assertThat(first).isCompletedExceptionally();
		assertThat(second).isCompletedExceptionally();
		assertThat(later).isCompletedWithValue("b");
	}

	@Test
	void failureKeepsTheOldValue() {
		remember("old");
		this.clock.advance(FRESH.plusNanos(1));

		ask();
		fail(1);

		assertThat(this.cache.peek("k")).map(Aged::value).contains("old");
	}

	@Test
	void aValueOfExactlyTheGreatestAgeIsGiven() {
		remember("a");

		this.clock.advance(FRESH);

		assertThat(ask()).isCompletedWithValue("a");
	}

	@Test
	void aValueBeyondTheGreatestAgeIsReadAnew() {
		remember("a");

		this.clock.advance(FRESH.plusNanos(1));
		CompletableFuture<String> asked = ask();
		answer(1, "b");

		assertThat(asked).isCompletedWithValue("b");
	}

	@Test
	void ageCountsFromTheBeginningOfTheReading() {
		Instant begun = this.clock.instant();
		ask();
		this.clock.advance(Duration.ofSeconds(9));
		answer(0, "slow");

		this.clock.advance(Duration.ofSeconds(2));
		ask();

		assertThat(this.cache.peek("k")).contains(new Aged<>("slow", begun));
		assertThat(this.readings).hasSize(2);
	}

	@Test
	void sinceTakesAReadingBegunAtThatVeryInstant() {
		Instant now = this.clock.instant();
		CompletableFuture<String> first = since(now);
		CompletableFuture<String> second = since(now);

		answer(0, "a");

		assertThat(first).isCompletedWithValue("a");
		assertThat(second).isCompletedWithValue("a");
	}

	@Test
	void sinceWaitsForAnEarlierReadingAndThenReadsAnew() {
		CompletableFuture<String> early = ask();
		CompletableFuture<String> late = since(this.clock.advance(Duration.ofMillis(1)));

		assertThat(this.readings).hasSize(1);
		answer(0, "early");
		answer(1, "late");

		assertThat(early).isCompletedWithValue("early");
		assertThat(late).isCompletedWithValue("late");
	}

	@Test
	void allWhoWaitedForAnEarlierReadingShareTheNext() {
		ask();
		Instant later = this.clock.advance(Duration.ofMillis(1));
		CompletableFuture<String> one = since(later);
		CompletableFuture<String> other = since(later);

		answer(0, "early");
		CompletableFuture<String> third = since(later);
		answer(1, "late");

		assertThat(List.of(one, other, third)).allMatch((asked) -> asked.join().equals("late"));
		assertThat(this.readings).hasSize(2);
	}

	@Test
	void anEarlierReadingThatFailsIsFollowedByANewOne() {
		ask();
		CompletableFuture<String> late = since(this.clock.advance(Duration.ofMillis(1)));

		fail(0);
		answer(1, "late");

		assertThat(late).isCompletedWithValue("late");
		assertThat(this.readings).hasSize(2);
	}

	@Test
	void aFreshValueIsGivenWithoutReading() {
		remember("a");
		this.clock.advance(FRESH);

		assertThat(askStale()).isCompletedWithValue("a");
		assertThat(this.readings).hasSize(1);
	}

	@Test
	void aStaleValueIsGivenAtOnceWhileOneReadingRefreshesIt() {
		remember("a");
		this.clock.advance(FRESH.plusNanos(1));

		assertThat(askStale()).isCompletedWithValue("a");
		assertThat(askStale()).isCompletedWithValue("a");
		assertThat(this.readings).hasSize(2);
		answer(1, "b");

		assertThat(askStale()).isCompletedWithValue("b");
	}

	@Test
	void aStaleValueOutlivesFailedRefreshes() {
		remember("a");
		this.clock.advance(STALE);

		askStale();
		fail(1);

		assertThat(askStale()).isCompletedWithValue("a");
	}

	@Test
	void beyondTheStaleLimitTheReadingDecides() {
		remember("a");
		this.clock.advance(STALE.plusNanos(1));

		CompletableFuture<String> unlucky = askStale();
		assertThat(unlucky).isNotDone();
		fail(1);
		CompletableFuture<String> lucky = askStale();
		answer(2, "b");

		assertThat(unlucky).isCompletedExceptionally();
		assertThat(lucky).isCompletedWithValue("b");
	}

	@Test
	void aForgottenValueIsReadAnew() {
		remember("a");

		this.cache.forget("k");

		assertThat(this.cache.peek("k")).isEmpty();
		assertThat(ask()).isNotDone();
	}

	@Test
	void keysDoNotShareReadings() {
		remember("a");

		assertThat(this.cache.within("other", FRESH).toFuture()).isNotDone();
		assertThat(this.readings).hasSize(2);
	}

	private Mono<String> begin() {
		Sinks.One<String> reading = Sinks.one();
		this.readings.add(reading);
		return reading.asMono();
	}

	private void remember(String value) {
		ask();
		answer(this.readings.size() - 1, value);
	}

	private CompletableFuture<String> ask() {
		return this.cache.within("k", FRESH).map(Aged::value).toFuture();
	}

	private CompletableFuture<String> askStale() {
		return this.cache.staleWhileRefreshing("k", FRESH, STALE).map(Aged::value).toFuture();
	}

	private CompletableFuture<String> since(Instant notBefore) {
		return this.cache.since("k", notBefore).map(Aged::value).toFuture();
	}

	private void answer(int reading, String value) {
		this.readings.get(reading).emitValue(value, Sinks.EmitFailureHandler.FAIL_FAST);
	}

	private void fail(int reading) {
		this.readings.get(reading)
			.emitError(new IllegalStateException("the reading failed"), Sinks.EmitFailureHandler.FAIL_FAST);
	}

}
