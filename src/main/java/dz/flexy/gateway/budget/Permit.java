package dz.flexy.gateway.budget;

import java.util.concurrent.atomic.AtomicBoolean;

/** The right to make one upstream call. */
public final class Permit {

	private final AtomicBoolean returned = new AtomicBoolean();

	private final Runnable giveBack;

	Permit(Runnable giveBack) {
		this.giveBack = giveBack;
	}

	/**
	 * Gives the permit back because nothing was written to the upstream. Only the first
	 * call counts.
	 */
	public void unused() {
		if (this.returned.compareAndSet(false, true)) {
			this.giveBack.run();
		}
	}

}
