package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * When the upstream let calls of one key through, and what that makes of its limit.
 * Counted from the upstream's log alone, by the rules of the upstream (contract section
 * 8), so the gateway's own counting is not believed. Immutable.
 */
final class CallTimes {

	private final List<Instant> times;

	/**
	 * Takes them in any order.
	 * @param times of the calls that were not refused
	 */
	CallTimes(Collection<Instant> times) {
		this.times = times.stream().sorted().toList();
	}

	/**
	 * One fixed window.
	 *
	 * @param opened when its first call came
	 * @param calls how many came in it
	 */
	record Window(Instant opened, int calls) {
	}

	/**
	 * A window opens with the first call after the one before and lasts its full length.
	 * @return oldest first; the last one may still be running
	 */
	List<Window> windows(Duration length) {
		List<Window> windows = new ArrayList<>();
		int first = 0;
		while (first < this.times.size()) {
			Instant opened = this.times.get(first);
			int next = firstAtOrAfter(opened.plus(length));
			windows.add(new Window(opened, next - first));
			first = next;
		}
		return windows;
	}

	/** Calls at or after {@code from} and before {@code to}. */
	int between(Instant from, Instant to) {
		return firstAtOrAfter(to) - firstAtOrAfter(from);
	}

	/**
	 * The fewest calls in any period of that length, wherever it begins.
	 * @param from no period begins before
	 * @param to no period ends after; at least the length after {@code from}
	 */
	int fewest(Duration length, Instant from, Instant to) {
		int fewest = between(from, from.plus(length));
		// The count falls only when a call leaves at the period's beginning.
		for (Instant left : this.times) {
			Instant begin = left.plusNanos(1);
			if (!begin.isBefore(from) && !begin.plus(length).isAfter(to)) {
				fewest = Math.min(fewest, between(begin, begin.plus(length)));
			}
		}
		return fewest;
	}

	/** The most calls in any period of that length, wherever it begins. */
	int most(Duration length) {
		return this.times.stream().mapToInt((begin) -> between(begin, begin.plus(length))).max().orElse(0);
	}

	/** The longest time without a call from {@code from} to {@code to}. */
	Duration longestPause(Instant from, Instant to) {
		Instant before = from;
		Duration longest = Duration.ZERO;
		for (int i = firstAtOrAfter(from); i < firstAtOrAfter(to); i++) {
			longest = longer(longest, Duration.between(before, this.times.get(i)));
			before = this.times.get(i);
		}
		return longer(longest, Duration.between(before, to));
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

	private int firstAtOrAfter(Instant moment) {
		int low = 0;
		int high = this.times.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.times.get(middle).isBefore(moment)) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

}
