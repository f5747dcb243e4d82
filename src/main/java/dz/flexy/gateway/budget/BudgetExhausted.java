package dz.flexy.gateway.budget;

import java.time.Duration;

/** No upstream call may be made soon enough; nothing was sent. */
public final class BudgetExhausted extends RuntimeException {

	private final transient Duration retryAfter;

	BudgetExhausted(Duration retryAfter) {
		super("upstream budget exhausted", null, false, false);
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
