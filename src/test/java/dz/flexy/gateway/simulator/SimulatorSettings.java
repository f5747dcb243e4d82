package dz.flexy.gateway.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a simulator is started with.
 *
 * @param port 0 for any
 * @param limits calls per window of single keys; the others have {@code limit}
 * @param sliding whether every key's window slides
 * @param slidingKeys keys whose window slides in any case
 */
record SimulatorSettings(int port, Clock clock, List<KeySettings> keys, int limit, Map<String, Integer> limits,
		Duration window, boolean sliding, Set<String> slidingKeys, Pace pace, int lockOutAttempts,
		Duration lockOutDuration) {

	RateWindow window(KeySettings key) {
		return new RateWindow(this.limits.getOrDefault(key.key(), this.limit), this.window,
				this.sliding || this.slidingKeys.contains(key.key()));
	}

}
