package dz.flexy.gateway.budget;

import java.time.Duration;

/**
 * When the next permit is due: the generic cell rate algorithm in integer nanoseconds.
 * With a burst of B and a spacing of window / (limit - B), no window of that length,
 * wherever it begins, sees more than the limit. The upstream's headers can only delay it
 * further. Immutable.
 *
 * @param spacing nanoseconds between permits
 * @param slack nanoseconds that a burst may run ahead
 * @param due when the permit after the burst would be due
 * @param left permits that the upstream's headers leave until {@code leftUntil}
 * @param leftUntil end of the upstream's window as last told
 */
record Pace(long spacing, long slack, long due, int left, long leftUntil) {

	private static final int LARGEST_BURST = 10;

	/** The upstream tells whole seconds, and blocks end with some jitter. */
	private static final long TOLERANCE = 2_000_000_000L;

	static Pace of(int limit, Duration window, long now) {
		int burst = Math.clamp(limit / 6, 1, LARGEST_BURST);
		long spacing = window.toNanos() / Math.max(1, limit - burst);
		return new Pace(spacing, spacing * (burst - 1), now, Integer.MAX_VALUE, now);
	}

	/** Earliest time of the next permit. */
	long next(long now) {
		long paced = Math.max(now, this.due - this.slack);
		return (this.left <= 0) ? Math.max(paced, this.leftUntil) : paced;
	}

	/** The pace after a permit was given. */
	Pace taken(long now) {
		long following = Math.max(this.due, now) + this.spacing;
		return told(now) ? new Pace(this.spacing, this.slack, following, this.left - 1, this.leftUntil)
				: new Pace(this.spacing, this.slack, following, Integer.MAX_VALUE, now);
	}

	/** The pace after a permit came back unused. */
	Pace returned() {
		int more = (this.left == Integer.MAX_VALUE) ? this.left : this.left + 1;
		return new Pace(this.spacing, this.slack, this.due - this.spacing, more, this.leftUntil);
	}

	/**
	 * The pace if no more than this may be used until then; never raises what is left of
	 * a window. An end that is told to lie well behind the known one belongs to the next
	 * window, whose beginning is seen before our late estimate of the last one's end:
	 * what was left of that one says nothing of it. A block is always sat out.
	 */
	Pace lowered(int remaining, long until, long now) {
		if (told(now) && remaining > 0 && until - this.leftUntil > TOLERANCE) {
			return (this.left <= 0) ? this : new Pace(this.spacing, this.slack, this.due, remaining, until);
		}
		int fewer = told(now) ? Math.min(this.left, remaining) : remaining;
		long end = told(now) ? Math.max(this.leftUntil, until) : until;
		return new Pace(this.spacing, this.slack, this.due, fewer, end);
	}

	private boolean told(long now) {
		return this.leftUntil > now;
	}

}
