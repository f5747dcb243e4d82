package dz.flexy.gateway.budget;

import java.util.Map;

/**
 * What the shared row answers one replica.
 *
 * @param permits given out, by lane
 * @param charge what they, and the calls that were reported as under way, are charged as
 * @param due microseconds until a lane's next call may be made, if nobody else is faster
 * @param blockedFor microseconds until anything may be sent at all
 * @param rate in force
 * @param used calls of the last window, these permits among them
 */
record Grant(Map<Lane, Integer> permits, long charge, Map<Lane, Long> due, long blockedFor, Rate rate, int used) {

	long due(Lane lane) {
		return this.due.getOrDefault(lane, 0L);
	}

	/** Whether lookups have to wait for calls to come back, or the next one will. */
	boolean isScarce() {
		return this.used + this.rate.spare(Lane.LOOKUP) + 1 >= this.rate.limit();
	}

}
