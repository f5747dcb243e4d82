package dz.flexy.gateway.callers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;

import org.springframework.http.HttpHeaders;

/**
 * One caller's requests in the present window, by Resilience4j's fixed-cycle limiter. The
 * limit is divided by the replicas that live, rounded up.
 */
final class Quota {

	private final RateLimiter limiter;

	private final Caller caller;

	private final Clock clock;

	private final Instant firstCycle;

	private final Replicas replicas;

	private int share;

	/** What this window was opened with, less what was given up of it since. */
	private int granted;

	Quota(Caller caller, Replicas replicas, Clock clock) {
		this.caller = caller;
		this.replicas = replicas;
		this.clock = clock;
		this.share = share();
		this.firstCycle = clock.instant();
		this.limiter = RateLimiter.of(caller.id().value(),
				RateLimiterConfig.custom()
					.limitForPeriod(this.share)
					.limitRefreshPeriod(caller.window())
					.timeoutDuration(Duration.ZERO)
					.build());
	}

	/**
	 * One thread at a time: the limiter parks a thread that loses a race for its state,
	 * and this one may be an event loop.
	 */
	synchronized boolean take() {
		follow();
		return this.limiter.acquirePermission();
	}

	/** Takes notice of replicas that came or went. */
	synchronized void follow() {
		follow(share());
	}

	/**
	 * Counts a request and tells what is left.
	 * @throws Problem 429 with the rest of the window if nothing was
	 */
	void demand(HttpHeaders answer) {
		boolean within = take();
		describe(answer);
		if (!within) {
			throw Problem
				.of(ErrorCode.RATE_LIMIT_EXCEEDED,
						"more than " + this.caller.limit() + " requests in " + this.caller.window())
				.money(false, true)
				.retryAfter(untilReset());
		}
	}

	Duration untilReset() {
		long window = this.caller.window().toMillis();
		long gone = Duration.between(this.firstCycle, this.clock.instant()).toMillis();
		return Duration.ofMillis(window - Math.floorMod(gone, window));
	}

	synchronized void describe(HttpHeaders headers) {
		headers.set("X-RateLimit-Limit", Integer.toString(this.share));
		headers.set("X-RateLimit-Remaining", Integer.toString(available()));
		Instant reset = this.clock.instant().plus(untilReset()).plusMillis(999);
		headers.set("X-RateLimit-Reset", Long.toString(reset.getEpochSecond()));
	}

	/**
	 * A larger share holds from the next window on, as the limiter has it. A smaller one
	 * holds at once: what was given up is taken out of this window, once, however often
	 * replicas come and go in it.
	 */
	private void follow(int share) {
		int available = available();
		this.granted = Math.max(this.granted, available);
		int surplus = Math.min(this.granted - share, available);
		this.granted = Math.min(this.granted, share);
		if (surplus > 0) {
			this.limiter.acquirePermission(surplus);
		}
		if (share != this.share) {
			this.limiter.changeLimitForPeriod(share);
			this.share = share;
		}
	}

	/** Requests in a window. */
	synchronized int allowed() {
		return this.share;
	}

	/** Requests that are left of this window. */
	int available() {
		return Math.max(0, this.limiter.getMetrics().getAvailablePermissions());
	}

	private int share() {
		return Math.ceilDiv(this.caller.limit(), this.replicas.live());
	}

}
