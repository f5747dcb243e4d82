package dz.flexy.gateway.budget;

import java.time.Duration;

/** No upstream call may be made soon enough; nothing was sent. */
public final class BudgetExhausted extends RuntimeException {

	private final transient Duration retryAfter;

	BudgetExhausted(String reason, Duration retryAfter) {
		super(reason, null, false, false);
		this.retryAfter = retryAfter;
	}

	/**
	 * When a permit may be had.
	 * @return from now
	 */
	public Duration retryAfter() {
		return this.retryAfter;
	}

}
