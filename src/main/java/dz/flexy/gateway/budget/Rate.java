package dz.flexy.gateway.budget;

import java.time.Duration;

/**
 * How fast calls may follow each other: the generic cell rate algorithm with a burst of B
 * and a spacing of window / (limit - B), so that no window of that length, wherever it
 * begins, is granted more than the limit. All times are in microseconds.
 *
 * @param limit calls in a window, 1 or more
 * @param window length of the window
 */
record Rate(int limit, long window) {

	/**
	 * The design's bound, where the limit is such that a burst lasts longer than this.
	 */
	private static final int LARGEST_BURST = 10;

	/**
	 * A thirtieth, four of 120: so often at most is a key shown that has just been
	 * refused, until everybody knows; an address is blocked after five (contract section
	 * 2.2).
	 */
	private static final int BURSTS_IN_LIMIT = 30;

	/** Where the limit is high, as much as comes due between two looks at the row. */
	private static final long LOOK = Duration.ofMillis(50).toNanos() / 1000;

	/** A quarter of a second of what one replica can pass on. */
	private static final int MOST_IN_STOCK = 2000;

	private static final int SLOTS = 240;

	static Rate of(int limit, Duration window) {
		return new Rate(limit, window.toNanos() / 1000);
	}

	/** The lower of this limit and another. */
	Rate atMost(int otherLimit) {
		return new Rate(Math.min(this.limit, Math.max(1, otherLimit)), this.window);
	}

	int burst() {
		int few = Math.clamp(this.limit / BURSTS_IN_LIMIT, 1, LARGEST_BURST);
		long dueInALook = this.limit * LOOK / this.window;
		return Math.clamp(Math.max(few, dueInALook), 1, Math.max(1, this.limit - 1));
	}

	/**
	 * Permits that a replica may have before anybody asks: a part of what comes due
	 * between two looks at the row where that is much, else none.
	 */
	int stock() {
		long dueInALook = this.limit * LOOK / this.window;
		return (dueInALook > LARGEST_BURST) ? (int) Math.min(MOST_IN_STOCK, dueInALook / 2) : 0;
	}

	/** Time between two calls in the long run. */
	long spacing() {
		return Math.max(1, this.window / Math.max(1, this.limit - burst()));
	}

	/** How far ahead of the even steps a lane may run. */
	long slack(Lane lane) {
		return Math.round(slack() * lane.slack());
	}

	/** How far ahead of the even steps anyone may run. */
	long slack() {
		return spacing() * (burst() - 1);
	}

	/** Time between two calls of a lane that uses its share and no more. */
	long spacing(Lane lane) {
		return (lane == Lane.TRACK) ? this.window / Math.max(1, most(lane) - most(lane) / 4)
				: Math.round(spacing() / lane.share());
	}

	/**
	 * How far ahead of its share a lane may run: {@link Lane#TRACK} by a quarter of a
	 * window's share, so that no window sees more than that share; the others at will.
	 */
	long ahead(Lane lane) {
		return (lane == Lane.TRACK) ? spacing(lane) * Math.max(0, most(lane) / 4 - 1) : Long.MAX_VALUE / 4;
	}

	/**
	 * Calls that a lane leaves unused while others come back at the pace at which they
	 * are made: they are for those before it, wherever these wait.
	 */
	int spare(Lane lane) {
		return switch (lane) {
			case SEND -> 0;
			case SETTLE, TRACK -> burst();
			case LOOKUP, REFRESH -> burst() + Math.min(1, this.limit / 20);
		};
	}

	/** The same while none comes back. */
	int last(Lane lane) {
		return switch (lane) {
			case SEND -> 0;
			case SETTLE, TRACK -> burst();
			case LOOKUP, REFRESH -> burst() + this.limit / 20;
		};
	}

	/**
	 * Rounds up to one of 240 parts of a window, so that there are never many to keep.
	 */
	long slot(long at) {
		long slot = Math.max(1, this.window / SLOTS);
		return Math.ceilDiv(at, slot) * slot;
	}

	private int most(Lane lane) {
		return Math.max(1, (int) (this.limit * lane.share()));
	}

}
