package dz.flexy.gateway.budget;

import java.time.Duration;

/**
 * What one answer said of the limit, as a replica reports it. Durations are in
 * microseconds, so that no replica's clock matters.
 *
 * @param limit calls in a window, 0 if not told
 * @param remaining calls left in the window, -1 if not told
 * @param reset the window's end as named, Unix seconds, 0 if not told
 * @param endsIn from the answer to the window's end, by the upstream's own clock
 * @param blockedFor from the answer until anything may be sent again, 0 if not refused
 * @param age since the answer came
 */
record Heard(int limit, int remaining, long reset, long endsIn, long blockedFor, long age) {

	/** A 429 with neither {@code Retry-After} nor a reset. */
	private static final Duration REST = Duration.ofSeconds(5);

	/** Times are told in whole seconds, so none left may mean almost one. */
	private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

	/**
	 * A 429 rests for its {@code Retry-After}, else until the window ends (contract
	 * section 8); a used-up window rests to its end in any case.
	 * @param jitter added to a rest, so that not all begin again at once
	 */
	static Heard of(RateLimitHeaders headers, Duration jitter) {
		Duration endsIn = headers.reset().map(RateLimitHeaders.Reset::in).orElse(Duration.ZERO);
		Duration rest = Duration.ZERO;
		if (headers.limited()) {
			rest = headers.retryAfter().or(() -> headers.reset().map(RateLimitHeaders.Reset::in)).orElse(REST);
		}
		boolean usedUp = headers.remaining().filter((left) -> left == 0).isPresent() && headers.reset().isPresent();
		if (usedUp && endsIn.compareTo(rest) > 0) {
			rest = endsIn;
		}
		Duration least = (rest.compareTo(SHORTEST_REST) < 0) ? SHORTEST_REST : rest;
		long blocked = (headers.limited() || usedUp) ? micros(least.plus(jitter)) : 0;
		return new Heard(headers.limit().orElse(0), headers.remaining().orElse(-1),
				headers.reset().map(RateLimitHeaders.Reset::at).orElse(0L), micros(endsIn), blocked, 0);
	}

	Heard aged(long micros) {
		return new Heard(this.limit, this.remaining, this.reset, this.endsIn, this.blockedFor, micros);
	}

	private static long micros(Duration duration) {
		return duration.toNanos() / 1000;
	}

}
