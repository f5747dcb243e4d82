package dz.flexy.gateway.callers;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class QuotaTest {

	private static final Duration WINDOW = Duration.ofHours(1);

	private final SettableClock clock = new SettableClock();

	private final Quota quota = new Quota(
			new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), 3, WINDOW, Optional.empty()), this.clock);

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

		HttpHeaders headers = described();

		assertThat(headers.getFirst("X-RateLimit-Limit")).isEqualTo("3");
		assertThat(headers.getFirst("X-RateLimit-Remaining")).isEqualTo("2");
		assertThat(headers.getFirst("X-RateLimit-Reset")).isEqualTo(Long.toString(start + WINDOW.toSeconds()));
	}

	@Test
	void nothingRemainsAfterTheLast() {
		for (int i = 0; i < 5; i++) {
			this.quota.take();
		}

		assertThat(described().getFirst("X-RateLimit-Remaining")).isEqualTo("0");
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

	private HttpHeaders described() {
		HttpHeaders headers = new HttpHeaders();
		this.quota.describe(headers);
		return headers;
	}

}
