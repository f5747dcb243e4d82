package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.time.Instant;

/**
 * What an answer needs to know of its request: when, under which id, in which drift.
 *
 * @param hidden how long an order accepted now stays invisible to reads
 */
record Scene(Instant now, String requestId, Drift drift, Duration hidden) {

	static Scene of(Instant now, String requestId, Drift drift) {
		return new Scene(now, requestId, drift, Duration.ZERO);
	}

	Scene hiding(Duration duration) {
		return new Scene(this.now, this.requestId, this.drift, duration);
	}

}
