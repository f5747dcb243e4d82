package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When the next permit is due: the generic cell rate algorithm in integer nanoseconds.
 * With a burst of B and a spacing of window / (limit - B), no window of that length,
 * wherever it begins, sees more than the limit. A permit that comes back counts as never
 * given, so it is the times of those in use that are kept and not a sum. The upstream's
 * headers can only delay the next one further. Immutable.
 *
 * @param limit permits in a window
 * @param spacing nanoseconds between permits
 * @param slack nanoseconds that a burst may run ahead
 * @param used when the last permits were given, no more than the limit, oldest first
 * @param left permits that the upstream's headers leave until {@code leftUntil}
 * @param leftUntil end of the upstream's window as last told
 * @param toldAt when that was told
 */
record Pace(int limit, long spacing, long slack, List<Long> used, int left, long leftUntil, long toldAt) {

	private static final int LARGEST_BURST = 10;

	static Pace of(int limit, Duration window, long now) {
		int burst = Math.clamp(limit / 6, 1, LARGEST_BURST);
		long spacing = window.toNanos() / Math.max(1, limit - burst);
		return new Pace(limit, spacing, spacing * (burst - 1), List.of(), Integer.MAX_VALUE, now, now);
	}

	/** Earliest time of the next permit. */
	long next(long now) {
		long paced = paced(now);
		return (this.left <= 0) ? Math.max(paced, this.leftUntil) : paced;
	}

	/** The pace after a permit was given. */
	Pace taken(long now) {
		List<Long> times = new ArrayList<>(this.used);
		times.add(now);
		List<Long> last = times.subList(Math.max(0, times.size() - this.limit), times.size());
		return told(now) ? with(last, this.left - 1)
				: new Pace(this.limit, this.spacing, this.slack, List.copyOf(last), Integer.MAX_VALUE, now, now);
	}

	/**
	 * The pace after a permit came back unused. What the upstream left did not count it
	 * unless it was given since then.
	 */
	Pace returned(long givenAt) {
		List<Long> times = new ArrayList<>(this.used);
		times.remove((Long) givenAt);
		boolean counted = this.left != Integer.MAX_VALUE && givenAt > this.toldAt;
		return with(times, counted ? this.left + 1 : this.left);
	}

	/**
	 * The pace if no more than this may be used until then; never raises what is left.
	 */
	Pace lowered(int remaining, long until, long now) {
		int fewer = told(now) ? Math.min(this.left, remaining) : remaining;
		long end = told(now) ? Math.max(this.leftUntil, until) : until;
		return new Pace(this.limit, this.spacing, this.slack, this.used, fewer, end, now);
	}

	/** No permit in use is followed by more than a burst ahead of the even steps. */
	private long paced(long now) {
		long due = now;
		for (int i = 0; i < this.used.size(); i++) {
			due = Math.max(due, this.used.get(i) + this.spacing * (this.used.size() - i) - this.slack);
		}
		return due;
	}

	private Pace with(List<Long> times, int rest) {
		return new Pace(this.limit, this.spacing, this.slack, List.copyOf(times), rest, this.leftUntil, this.toldAt);
	}

	private boolean told(long now) {
		return this.leftUntil > now;
	}

}
