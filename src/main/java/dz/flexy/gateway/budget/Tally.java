package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * The permits that one replica took within the last window, by lane. Holds as many as the
 * limit allows in a window. Not thread-safe.
 */
final class Tally {

	private final long window;

	private final Map<Lane, Deque<Long>> taken = new EnumMap<>(Lane.class);

	Tally(Duration window) {
		this.window = window.toNanos();
	}

	void add(Lane lane, long now) {
		Deque<Long> times = this.taken.computeIfAbsent(lane, (key) -> new ArrayDeque<>());
		forget(times, now);
		times.addLast(now);
	}

	/** Lanes without any are left out or 0. */
	Map<Lane, Integer> counts(long now) {
		Map<Lane, Integer> counts = new EnumMap<>(Lane.class);
		this.taken.forEach((lane, times) -> {
			forget(times, now);
			counts.put(lane, times.size());
		});
		return counts;
	}

	private void forget(Deque<Long> times, long now) {
		while (!times.isEmpty() && now - times.getFirst() >= this.window) {
			times.removeFirst();
		}
	}

}
