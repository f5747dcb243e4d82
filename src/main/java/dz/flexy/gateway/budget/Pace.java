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
 * @param restsUntil no permit before this, after a 429 or a used-up window
 */
record Pace(int limit, long spacing, long slack, List<Long> used, int left, long leftUntil, long toldAt,
		long restsUntil) {

	private static final int LARGEST_BURST = 10;

	/**
	 * {@code Reset} and {@code Date} are whole seconds, so one window's end is told this
	 * differently.
	 */
	private static final long ROUNDING = Duration.ofMillis(1500).toNanos();

	static Pace of(int limit, Duration window, long now) {
		int burst = Math.clamp(limit / 6, 1, LARGEST_BURST);
		long spacing = window.toNanos() / Math.max(1, limit - burst);
		return new Pace(limit, spacing, spacing * (burst - 1), List.of(), Integer.MAX_VALUE, now, now, now);
	}

	/** Earliest time of the next permit. */
	long next(long now) {
		long paced = Math.max(paced(now), this.restsUntil);
		return (this.left <= 0) ? Math.max(paced, this.leftUntil) : paced;
	}

	/** The pace after a permit was given. */
	Pace taken(long now) {
		List<Long> times = new ArrayList<>(this.used);
		times.add(now);
		List<Long> last = times.subList(Math.max(0, times.size() - this.limit), times.size());
		return told(now) ? with(last, this.left - 1) : new Pace(this.limit, this.spacing, this.slack, List.copyOf(last),
				Integer.MAX_VALUE, now, now, this.restsUntil);
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
	 * What is told of another window than the present one is left out: that one's end is
	 * near, and the next answer tells it again.
	 */
	Pace lowered(int remaining, long until, long now) {
		if (remaining == 0) {
			return resting(until);
		}
		if (!told(now)) {
			return told(remaining, until, now);
		}
		long tolerance = Math.min(ROUNDING, this.spacing * this.limit / 2);
		boolean sameWindow = Math.abs(until - this.leftUntil) <= tolerance;
		return sameWindow ? told(Math.min(this.left, remaining), Math.max(this.leftUntil, until), now) : this;
	}

	/** The pace if nothing may be used until then. */
	Pace resting(long until) {
		return new Pace(this.limit, this.spacing, this.slack, this.used, this.left, this.leftUntil, this.toldAt,
				Math.max(this.restsUntil, until));
	}

	private Pace told(int rest, long until, long now) {
		return new Pace(this.limit, this.spacing, this.slack, this.used, rest, until, now, this.restsUntil);
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
		return new Pace(this.limit, this.spacing, this.slack, List.copyOf(times), rest, this.leftUntil, this.toldAt,
				this.restsUntil);
	}

	private boolean told(long now) {
		return this.leftUntil > now;
	}

}
