package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What the rate limit said to one call.
 *
 * @param remaining calls left after this one
 * @param reset when calls are available again, rounded up to the second on the wire
 */
record Admission(boolean allowed, int limit, int remaining, Instant reset) {

	Map<String, String> headers() {
		return Map.of("X-RateLimit-Limit", Integer.toString(this.limit), "X-RateLimit-Remaining",
				Integer.toString(this.remaining), "X-RateLimit-Reset", Long.toString(ceiling(this.reset)));
	}

	long retryAfterSeconds(Instant now) {
		return Math.max(1, Duration.between(now, this.reset).plusNanos(999_999_999).toSeconds());
	}

	static long ceiling(Instant instant) {
		return instant.plusNanos(999_999_999).getEpochSecond();
	}

}
