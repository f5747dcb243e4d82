package dz.flexy.gateway.budget;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Permits at hand: granted, and nobody's yet. Where the limit is so high that many calls
 * come due between two looks at the row, there are about as many as are taken from one
 * exchange to the next, so that calls need not wait for one. Not thread-safe.
 */
final class Stock {

	/**
	 * A call that takes one may need a connection yet; half of a permit's time is left
	 * when the row is spoken to again.
	 */
	private static final long STILL_VALID = TimeUnit.MILLISECONDS.toNanos(500);

	private final SequencedSet<Permit> permits = new LinkedHashSet<>();

	/** What each lane took since the last exchange began. */
	private final Map<Lane, Integer> taken = new EnumMap<>(Lane.class);

	private int full;

	void add(Permit permit) {
		this.permits.addLast(permit);
	}

	/** The oldest that is good for half a second, for a call in that lane. */
	@Nullable Permit take(Lane lane) {
		while (!this.permits.isEmpty()) {
			Permit permit = this.permits.removeFirst();
			if (permit.isValidFor(STILL_VALID)) {
				taken(lane);
				return permit;
			}
			permit.abandon();
		}
		return null;
	}

	/** One was given to somebody who waited. */
	void taken(Lane lane) {
		this.taken.merge(lane, 1, Integer::sum);
	}

	/** Whether just now half of what there was to be is gone. */
	boolean isLow() {
		return this.full > 0 && this.permits.size() == this.full / 2;
	}

	/**
	 * How many more there are to be for each lane: twice what it took since this was last
	 * asked, since it is asked again when half is gone.
	 * @param most that any lane may have, 0 where nobody is to have any
	 */
	Map<Lane, Integer> wanted(int most) {
		Map<Lane, Integer> wanted = new EnumMap<>(Lane.class);
		int left = this.permits.size();
		this.full = 0;
		for (Map.Entry<Lane, Integer> lane : this.taken.entrySet()) {
			int target = Math.min(most, 2 * lane.getValue());
			int there = Math.min(left, target);
			left -= there;
			this.full += target;
			if (there < target) {
				wanted.put(lane.getKey(), target - there);
			}
		}
		this.taken.clear();
		return wanted;
	}

	/** Nothing more is wanted because of what was taken. */
	void forget() {
		this.taken.clear();
	}

	boolean has(Permit permit) {
		return this.permits.contains(permit);
	}

	void remove(Permit permit) {
		this.permits.remove(permit);
	}

	List<Permit> all() {
		return List.copyOf(this.permits);
	}

	int size() {
		return this.permits.size();
	}

}
