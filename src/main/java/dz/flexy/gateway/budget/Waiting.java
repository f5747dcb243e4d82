package dz.flexy.gateway.budget;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a permit, in the order of their arrival in each lane, and how fast
 * each lane is admitted. Times are in nanoseconds. Not thread-safe.
 */
final class Waiting {

	private final Map<Lane, Queue> queues = new EnumMap<>(Lane.class);

	void add(Lane lane, Waiter waiter, long now) {
		Queue queue = queue(lane);
		if (queue.waiters.isEmpty()) {
			queue.tempo.begin(now);
		}
		queue.waiters.addLast(waiter);
	}

	void remove(Lane lane, Waiter waiter) {
		queue(lane).waiters.remove(waiter);
	}

	/** The next of a lane, else of the first lane in which somebody waits. */
	@Nullable Waiter poll(Lane lane, long now) {
		Queue queue = queue(lane);
		if (queue.waiters.isEmpty()) {
			queue = this.queues.values().stream().filter((other) -> !other.waiters.isEmpty()).findFirst().orElse(queue);
		}
		queue.tempo.admitted(now);
		return queue.waiters.pollFirst();
	}

	/** Takes all away. */
	List<Waiter> clear() {
		List<Waiter> all = new ArrayList<>();
		this.queues.values().forEach((queue) -> {
			all.addAll(queue.waiters);
			queue.waiters.clear();
		});
		return all;
	}

	/** How many wait in each lane in which anybody does. */
	Map<Lane, Integer> counts() {
		Map<Lane, Integer> counts = new EnumMap<>(Lane.class);
		this.queues.forEach((lane, queue) -> {
			if (!queue.waiters.isEmpty()) {
				counts.put(lane, queue.waiters.size());
			}
		});
		return counts;
	}

	/** How many wait in a lane and those that go before it. */
	int ahead(Lane lane) {
		return counts().entrySet()
			.stream()
			.filter((other) -> other.getKey().compareTo(lane) <= 0)
			.mapToInt(Map.Entry::getValue)
			.sum();
	}

	/**
	 * How long one more would wait in a lane if it goes on as it has; 0 if none waits.
	 */
	long measured(Lane lane, long now) {
		Queue queue = queue(lane);
		return queue.waiters.isEmpty() ? 0 : queue.tempo.interval(now) * (queue.waiters.size() + 1L);
	}

	/** Nobody can be admitted before then, which says nothing of the time after it. */
	void pauseUntil(long instant) {
		this.queues.values().forEach((queue) -> queue.tempo.pauseUntil(instant));
	}

	/** The same for one lane. */
	void pauseUntil(Lane lane, long instant) {
		queue(lane).tempo.pauseUntil(instant);
	}

	private Queue queue(Lane lane) {
		return this.queues.computeIfAbsent(lane, (key) -> new Queue());
	}

	private static final class Queue {

		private final Deque<Waiter> waiters = new ArrayDeque<>();

		private final Tempo tempo = new Tempo();

	}

	/** The mean time from one admission to the next, the later ones counting more. */
	private static final class Tempo {

		private static final int MEMORY = 4;

		private long since;

		private long interval;

		void begin(long now) {
			this.since = now;
			this.interval = 0;
		}

		void admitted(long now) {
			long sample = Math.max(0, now - this.since);
			this.interval = (this.interval == 0) ? sample : (this.interval * (MEMORY - 1) + sample) / MEMORY;
			this.since = now;
		}

		void pauseUntil(long instant) {
			this.since = Math.max(this.since, instant);
		}

		long interval(long now) {
			return Math.max(this.interval, now - this.since);
		}

	}

}
