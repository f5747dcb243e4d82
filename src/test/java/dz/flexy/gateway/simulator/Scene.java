package dz.flexy.gateway.simulator;

import java.time.Instant;

/**
 * What an answer needs to know of its request: when, under which id, in which drift.
 */
record Scene(Instant now, String requestId, Drift drift) {

}
