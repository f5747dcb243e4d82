package dz.flexy.gateway.console;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

import dz.flexy.gateway.orders.OrderRateStore.Minute;

/**
 * The orders of the last hour by minute. Only minutes that may still change are counted
 * again. Used by one thread at a time.
 */
final class Minutes {

	/** How many are shown. */
	static final int SHOWN = 60;

	/**
	 * An order is seen when it is committed, which may be in the minute behind its own.
	 */
	private static final int CHANGING = 2;

	private final NavigableMap<Instant, Long> counts = new TreeMap<>();

	/** How many minutes back must be counted now. */
	int unknown() {
		return this.counts.isEmpty() ? SHOWN : CHANGING;
	}

	/**
	 * Takes in what was counted.
	 * @param counted without a gap, the present minute last; if it does not join what is
	 * known, that is forgotten
	 * @return whether the hour is complete now
	 */
	boolean learn(List<Minute> counted) {
		if (!this.counts.isEmpty() && this.counts.lastKey().isBefore(counted.getFirst().begin())) {
			this.counts.clear();
		}
		counted.forEach((minute) -> this.counts.put(minute.begin(), minute.orders()));
		while (this.counts.size() > SHOWN) {
			this.counts.pollFirstEntry();
		}
		if (this.counts.size() < SHOWN) {
			this.counts.clear();
		}
		return !this.counts.isEmpty();
	}

	/** The first minute's beginning. */
	Instant from() {
		return this.counts.firstKey();
	}

	/** Oldest first. */
	List<Long> counts() {
		return List.copyOf(this.counts.values());
	}

}
