package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.budget.RateLimitHeaders.Reset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitHeadersTest {

	private static final Instant NOW = Instant.ofEpochSecond(1_761_698_219);

	private static final Duration WINDOW = Duration.ofSeconds(60);

	private static final String IN_A_MINUTE = "1761698279";

	@Test
	void readsTheDocumentedHeaders() {
		RateLimitHeaders headers = read(200, "115", IN_A_MINUTE, null);

		assertThat(headers.remaining()).contains(115);
		assertThat(headers.reset()).contains(new Reset(1_761_698_279, Duration.ofSeconds(60)));
		assertThat(headers.limited()).isFalse();
		assertThat(headers.retryAfter()).isEmpty();
	}

	@Test
	void leavesMissingOnesOut() {
		RateLimitHeaders headers = read(200, null, null, null);

		assertThat(headers.remaining()).isEmpty();
		assertThat(headers.reset()).isEmpty();
		assertThat(headers.retryAfter()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-1", "1.5", "0x10", "2147483648", "99999999999999999999" })
	void leavesAMalformedRemainderOut(String remaining) {
		assertThat(read(200, remaining, IN_A_MINUTE, null).remaining()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", " 7 ", "100000000" })
	void believesAnyCountAsARemainder(String remaining) {
		assertThat(read(200, remaining, null, null).remaining()).contains(Integer.parseInt(remaining.trim()));
	}

	/** Nonsense, the year 2286, the past, milliseconds, the end of time. */
	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-5", "0", "60", "9999999999", "1761698217", "1761698279000",
			"9223372036854775807", "-9223372036854775808", "99999999999999999999" })
	void leavesAnIncredibleResetOut(String reset) {
		assertThat(read(200, "0", reset, null).reset()).isEmpty();
	}

	@Test
	void believesAResetOfTwoWindowsAtMost() {
		assertThat(read(200, "0", "1761698339", null).reset())
			.contains(new Reset(1_761_698_339, Duration.ofMinutes(2)));
		assertThat(read(200, "0", "1761698340", null).reset()).isEmpty();
	}

	@Test
	void believesAResetThatIsNow() {
		assertThat(read(200, "0", "1761698219", null).reset()).contains(new Reset(1_761_698_219, Duration.ZERO));
	}

	/** Times are told in whole seconds. */
	@Test
	void believesAResetThatIsJustOver() {
		assertThat(read(200, "0", "1761698218", null).reset()).contains(new Reset(1_761_698_218, Duration.ZERO));
		assertThat(read(200, "0", "1761698217", null).reset()).isEmpty();
	}

	@Test
	void measuresTheResetByTheUpstreamsOwnClock() {
		Instant upstreamNow = NOW.minus(Duration.ofHours(3));

		RateLimitHeaders headers = RateLimitHeaders.read(200, Optional.empty(), Optional.of("0"),
				Optional.of(Long.toString(upstreamNow.getEpochSecond() + 20)), Optional.empty(), upstreamNow, WINDOW);

		assertThat(headers.reset()).contains(new Reset(upstreamNow.getEpochSecond() + 20, Duration.ofSeconds(20)));
	}

	@Test
	void onlyTooManyRequestsLimits() {
		assertThat(read(429, null, null, null).limited()).isTrue();
		assertThat(read(503, "0", IN_A_MINUTE, "5").limited()).isFalse();
	}

	@Test
	void believesARetryAfterOfAnHourAtMost() {
		assertThat(read(429, null, null, "3600").retryAfter()).contains(Duration.ofHours(1));
		assertThat(read(429, null, null, "3601").retryAfter()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "many", "0", "-120", "100000001" })
	void leavesAnIncredibleLimitOut(String limit) {
		assertThat(limit(limit, "1").limit()).isEmpty();
		assertThat(limit("60", "1").limit()).contains(60);
	}

	@Test
	void leavesARemainderAboveItsLimitOut() {
		assertThat(limit("60", "61").remaining()).isEmpty();
		assertThat(limit("60", "60").remaining()).contains(60);
	}

	@Test
	void countsWhatItLeavesOut() {
		assertThat(limit("0", "-1").ignored()).isEqualTo(2);
		assertThat(read(429, "x", "9999999999", "-1").ignored()).isEqualTo(3);
		assertThat(read(200, "1", IN_A_MINUTE, "soon").ignored()).isZero();
		assertThat(read(200, null, null, null).ignored()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "Wed, 29 Oct 2025 00:36:59 GMT", "99999999999999999999" })
	void leavesAMalformedRetryAfterOut(String retryAfter) {
		assertThat(read(429, null, null, retryAfter).retryAfter()).isEmpty();
	}

	private static RateLimitHeaders read(int status, String remaining, String reset, String retryAfter) {
		return RateLimitHeaders.read(status, Optional.empty(), Optional.ofNullable(remaining),
				Optional.ofNullable(reset), Optional.ofNullable(retryAfter), NOW, WINDOW);
	}

	private static RateLimitHeaders limit(String limit, String remaining) {
		return RateLimitHeaders.read(200, Optional.of(limit), Optional.of(remaining), Optional.empty(),
				Optional.empty(), NOW, WINDOW);
	}

}
