package dz.flexy.gateway.callers;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.lease.Replicas;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class QuotaTest {

	private static final Duration WINDOW = Duration.ofHours(1);

	private final Replicas replicas = new Replicas();

	private final SettableClock clock = new SettableClock();

	private final Quota quota = new Quota(
			new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), 3, WINDOW, Optional.empty()),
			new Replicas(), this.clock);

	@Test
	void takesTheLastAndRefusesTheNext() {
		assertThat(this.quota.take()).isTrue();
		assertThat(this.quota.take()).isTrue();
		assertThat(this.quota.take()).isTrue();

		assertThat(this.quota.take()).isFalse();
	}

	@Test
	void tellsLimitRemainderAndReset() {
		long start = this.clock.instant().getEpochSecond();
		this.quota.take();
		this.clock.advance(Duration.ofMinutes(10));

		HttpHeaders headers = described(this.quota);

		assertThat(headers.getFirst("X-RateLimit-Limit")).isEqualTo("3");
		assertThat(headers.getFirst("X-RateLimit-Remaining")).isEqualTo("2");
		assertThat(headers.getFirst("X-RateLimit-Reset")).isEqualTo(Long.toString(start + WINDOW.toSeconds()));
	}

	@Test
	void noCallerReturnsBeforeTheReset() {
		this.clock.advance(Duration.ofMillis(1));

		Quota late = new Quota(
				new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), 3, WINDOW, Optional.empty()),
				new Replicas(), this.clock);

		assertThat(described(late).getFirst("X-RateLimit-Reset"))
			.isEqualTo(Long.toString(this.clock.instant().plus(WINDOW).getEpochSecond() + 1));
	}

	@Test
	void nothingRemainsAfterTheLast() {
		for (int i = 0; i < 5; i++) {
			this.quota.take();
		}

		assertThat(described(this.quota).getFirst("X-RateLimit-Remaining")).isEqualTo("0");
	}

	@Test
	void resetsAtTheEndOfEachWindow() {
		assertThat(this.quota.untilReset()).isEqualTo(WINDOW);

		this.clock.advance(WINDOW.minusMillis(1));
		assertThat(this.quota.untilReset()).isEqualTo(Duration.ofMillis(1));

		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.quota.untilReset()).isEqualTo(WINDOW);
	}

	@Test
	void aClockThatIsSetBackMakesNoLongerWindow() {
		this.clock.advance(Duration.ofMinutes(-10));

		assertThat(this.quota.untilReset()).isEqualTo(Duration.ofMinutes(10));
	}

	@Test
	void dividesTheLimitByTheReplicasRoundedUp() {
		LeasesUnderTest.live(this.replicas, 2);

		assertThat(limit(quota(3))).isEqualTo("2");
		assertThat(limit(quota(1))).isEqualTo("1");
	}

	@Test
	void aSmallerShareHoldsAtOnce() {
		Quota shared = quota(6);
		shared.take();
		LeasesUnderTest.live(this.replicas, 3);

		assertThat(shared.take()).isTrue();
		assertThat(limit(shared)).isEqualTo("2");
		assertThat(described(shared).getFirst("X-RateLimit-Remaining")).isEqualTo("0");
		assertThat(shared.take()).isFalse();
	}

	@Test
	void aShareSmallerThanWhatWasUsedLeavesNothing() {
		Quota shared = quota(6);
		for (int i = 0; i < 5; i++) {
			shared.take();
		}
		LeasesUnderTest.live(this.replicas, 3);

		assertThat(shared.take()).isFalse();
	}

	@Test
	void aLargerShareHoldsFromTheNextWindow() {
		LeasesUnderTest.live(this.replicas, 3);
		Quota shared = quota(Duration.ofMillis(200), 6);
		shared.take();
		shared.take();
		LeasesUnderTest.live(this.replicas, 1);
		shared.take();

		Flux.interval(Duration.ofMillis(250)).blockFirst();

		assertThat(IntStream.range(0, 10).filter((i) -> shared.take()).count()).isGreaterThanOrEqualTo(6);
		assertThat(limit(shared)).isEqualTo("6");
	}

	/** As in an update, when replicas come before others go. */
	@Test
	void replicasThatComeAndGoTakeOnlyOnce() {
		LeasesUnderTest.live(this.replicas, 3);
		Quota shared = quota(12);
		shared.take();
		for (int i = 0; i < 5; i++) {
			LeasesUnderTest.live(this.replicas, 4);
			shared.follow();
			LeasesUnderTest.live(this.replicas, 3);
			shared.follow();
		}

		assertThat(described(shared).getFirst("X-RateLimit-Remaining")).isEqualTo("2");
		assertThat(IntStream.range(0, 5).filter((i) -> shared.take()).count()).isEqualTo(2);
	}

	@Test
	void aNewWindowGivesTheWholeShareAgain() {
		Quota shared = quota(Duration.ofMillis(200), 6);
		LeasesUnderTest.live(this.replicas, 2);
		shared.take();
		LeasesUnderTest.live(this.replicas, 1);
		shared.take();
		Flux.interval(Duration.ofMillis(250)).blockFirst();
		shared.take();
		LeasesUnderTest.live(this.replicas, 2);

		assertThat(IntStream.range(0, 10).filter((i) -> shared.take()).count()).isGreaterThanOrEqualTo(2);
	}

	private Quota quota(int limit) {
		return quota(WINDOW, limit);
	}

	private Quota quota(Duration window, int limit) {
		return new Quota(
				new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), limit, window, Optional.empty()),
				this.replicas, this.clock);
	}

	private static String limit(Quota quota) {
		return described(quota).getFirst("X-RateLimit-Limit");
	}

	private static HttpHeaders described(Quota quota) {
		HttpHeaders headers = new HttpHeaders();
		quota.describe(headers);
		return headers;
	}

}
