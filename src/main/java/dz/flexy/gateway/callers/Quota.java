package dz.flexy.gateway.callers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;

import org.springframework.http.HttpHeaders;

/** One caller's requests in the present window, by Resilience4j's fixed-cycle limiter. */
final class Quota {

	private final RateLimiter limiter;

	private final Caller caller;

	private final Clock clock;

	private final Instant firstCycle;

	Quota(Caller caller, Clock clock) {
		this.caller = caller;
		this.clock = clock;
		this.firstCycle = clock.instant();
		this.limiter = RateLimiter.of(caller.id().value(),
				RateLimiterConfig.custom()
					.limitForPeriod(caller.limit())
					.limitRefreshPeriod(caller.window())
					.timeoutDuration(Duration.ZERO)
					.build());
	}

	/**
	 * One thread at a time: the limiter parks a thread that loses a race for its state,
	 * and this one may be an event loop.
	 */
	synchronized boolean take() {
		return this.limiter.acquirePermission();
	}

	Duration untilReset() {
		long window = this.caller.window().toMillis();
		long gone = Duration.between(this.firstCycle, this.clock.instant()).toMillis();
		return Duration.ofMillis(window - Math.floorMod(gone, window));
	}

	void describe(HttpHeaders headers) {
		headers.set("X-RateLimit-Limit", Integer.toString(this.caller.limit()));
		headers.set("X-RateLimit-Remaining",
				Integer.toString(Math.max(0, this.limiter.getMetrics().getAvailablePermissions())));
		Instant reset = this.clock.instant().plus(untilReset()).plusMillis(999);
		headers.set("X-RateLimit-Reset", Long.toString(reset.getEpochSecond()));
	}

}
