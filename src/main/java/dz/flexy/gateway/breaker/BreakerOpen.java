package dz.flexy.gateway.breaker;

import java.time.Duration;

/** The call was not begun because too many before it failed. */
public final class BreakerOpen extends RuntimeException {

	private final transient Duration retryAfter;

	BreakerOpen(long retryAfterMillis) {
		super("circuit breaker open", null, false, false);
		this.retryAfter = Duration.ofMillis(retryAfterMillis);
	}

	/**
	 * When the breaker lets a probe through at the latest.
	 * @return from now
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
