package dz.flexy.gateway.breaker;

import java.time.Duration;

/** The call was not begun because too many before it failed. */
public final class BreakerOpen extends RuntimeException {

	private final transient Duration retryAfter;

	BreakerOpen(Duration retryAfter) {
		super("circuit breaker open", null, false, false);
		this.retryAfter = retryAfter;
	}

	/**
	 * When trying again makes sense: what is left of the rest, or a second while another
	 * call finds out.
	 * @return from now, zero or more
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
