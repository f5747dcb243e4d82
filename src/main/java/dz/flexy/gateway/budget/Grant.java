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
 */
record Grant(Map<Lane, Integer> permits, long charge, Map<Lane, Long> due, long blockedFor, Rate rate) {

	long due(Lane lane) {
		return this.due.getOrDefault(lane, 0L);
	}

}
