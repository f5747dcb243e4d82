package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one upstream answer says about the rate limit, already freed of nonsense.
 *
 * @param limit calls in a window, if told
 * @param remaining calls left in the window, if told
 * @param reset when the window ends, if told
 * @param limited whether the answer itself was a 429
 * @param retryAfter the {@code Retry-After} of a 429, if told
 * @param ignored header values that were left out because they make no sense
 */
public record RateLimitHeaders(Optional<Integer> limit, Optional<Integer> remaining, Optional<Reset> reset,
		boolean limited, Optional<Duration> retryAfter, int ignored) {

	/** Times are told in whole seconds, so a window that ends now may seem just over. */
	private static final Duration ROUNDING = Duration.ofSeconds(1);

	/** An edge rule can name several minutes (contract section 9). */
	private static final Duration LONGEST_REST = Duration.ofHours(1);

	private static final int HIGHEST_LIMIT = 100_000_000;

	/**
	 * The end of a window.
	 *
	 * @param at as the header names it, Unix seconds
	 * @param in from the answer, by the upstream's own clock
	 */
	public record Reset(long at, Duration in) {
	}

	/**
	 * Reads the header values of one answer. Missing and senseless ones are left out:
	 * those that are no number, negative, a remainder above its limit, a limit of 0, an
	 * end in the past or more than two windows away.
	 * @param status HTTP status
	 * @param limit value of {@code X-RateLimit-Limit} or empty
	 * @param remaining value of {@code X-RateLimit-Remaining} or empty
	 * @param reset value of {@code X-RateLimit-Reset}, Unix seconds, or empty
	 * @param retryAfter value of {@code Retry-After}, seconds, or empty; only looked at
	 * with a 429
	 * @param upstreamNow the {@code Date} of the same answer, else our own time
	 * @param window the account's; none that is much longer is believed
	 * @return what can be believed
	 */
	public static RateLimitHeaders read(int status, Optional<String> limit, Optional<String> remaining,
			Optional<String> reset, Optional<String> retryAfter, Instant upstreamNow, Duration window) {
		boolean limited = status == 429;
		Optional<Integer> most = number(limit, 1, HIGHEST_LIMIT).map(Long::intValue);
		Optional<Integer> left = number(remaining, 0, most.orElse(HIGHEST_LIMIT)).map(Long::intValue);
		Optional<Reset> end = number(reset, 1, Long.MAX_VALUE)
			.flatMap((at) -> reset(at, upstreamNow, window.multipliedBy(2)));
		Optional<Duration> rest = limited ? number(retryAfter, 0, LONGEST_REST.toSeconds()).map(Duration::ofSeconds)
				: Optional.empty();
		int ignored = lost(limit, most) + lost(remaining, left) + lost(reset, end)
				+ (limited ? lost(retryAfter, rest) : 0);
		return new RateLimitHeaders(most, left, end, limited, rest, ignored);
	}

	private static Optional<Reset> reset(long at, Instant upstreamNow, Duration furthest) {
		if (at > Instant.MAX.getEpochSecond()) {
			return Optional.empty();
		}
		Duration in = Duration.between(upstreamNow, Instant.ofEpochSecond(at));
		boolean sensible = in.plus(ROUNDING).compareTo(Duration.ZERO) >= 0 && in.compareTo(furthest) <= 0;
		return sensible ? Optional.of(new Reset(at, in.isNegative() ? Duration.ZERO : in)) : Optional.empty();
	}

	private static Optional<Long> number(Optional<String> text, long least, long most) {
		return text.flatMap(RateLimitHeaders::number).filter((number) -> number >= least && number <= most);
	}

	private static Optional<Long> number(String text) {
		try {
			return Optional.of(Long.parseLong(text.trim()));
		}
		catch (NumberFormatException malformed) {
			return Optional.empty();
		}
	}

	private static int lost(Optional<String> told, Optional<?> read) {
		return (told.isPresent() && read.isEmpty()) ? 1 : 0;
	}

}
