package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one upstream answer says about the rate limit, already freed of nonsense.
 *
 * @param remaining calls left in the window, if told
 * @param reset how long until the window ends by the upstream's own clock, if told
 * @param limited whether the answer itself was a 429
 * @param retryAfter the {@code Retry-After} of a 429, if told
 */
public record RateLimitHeaders(Optional<Integer> remaining, Optional<Duration> reset, boolean limited,
		Optional<Duration> retryAfter) {

	/** No window is longer than this; a greater {@code Reset} is nonsense. */
	private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);

	/**
	 * Reads the header values of one answer. Missing and malformed ones are left out.
	 * @param status HTTP status
	 * @param remaining value of {@code X-RateLimit-Remaining} or empty
	 * @param reset value of {@code X-RateLimit-Reset}, Unix seconds, or empty
	 * @param retryAfter value of {@code Retry-After}, seconds, or empty
	 * @param upstreamNow the {@code Date} of the same answer, else our own time
	 * @return what can be believed
	 */
	public static RateLimitHeaders read(int status, Optional<String> remaining, Optional<String> reset,
			Optional<String> retryAfter, Instant upstreamNow) {
		return new RateLimitHeaders(
				remaining.flatMap(RateLimitHeaders::number)
					.filter((n) -> n >= 0 && n <= Integer.MAX_VALUE)
					.map(Long::intValue),
				reset.flatMap(RateLimitHeaders::number)
					.map((seconds) -> Duration.between(upstreamNow, Instant.ofEpochSecond(clamp(seconds))))
					.filter((left) -> !left.isNegative() && left.compareTo(LONGEST_WINDOW) <= 0),
				status == 429,
				retryAfter.flatMap(RateLimitHeaders::number)
					.filter((n) -> n >= 0 && n <= 86_400)
					.map(Duration::ofSeconds));
	}

	private static long clamp(long seconds) {
		return Math.clamp(seconds, 0, 253_402_300_799L);
	}

	private static Optional<Long> number(String text) {
		try {
			return Optional.of(Long.parseLong(text.trim()));
		}
		catch (NumberFormatException malformed) {
			return Optional.empty();
		}
	}

}
