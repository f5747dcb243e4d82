package dz.flexy.gateway.stream;

import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** One timer for the heartbeats of all streams; it runs while there are any. */
@Component
class Heartbeats {

	private final Flux<Long> beats;

	Heartbeats(StreamProperties properties) {
		this.beats = Flux.interval(properties.heartbeat()).onBackpressureDrop().share();
	}

	/** A subscriber must always have demand: one without holds up all others. */
	Flux<Long> beats() {
		return this.beats;
	}

}
