package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Counts the heartbeats that a reader had no room for. Thread-safe. */
final class Patience {

	private final int limit;

	private final AtomicInteger missed = new AtomicInteger();

	private final Sinks.Empty<Void> lost = Sinks.empty();

	Patience(Duration patience, Duration heartbeat) {
		this.limit = Math.toIntExact(Math.max(1, patience.dividedBy(heartbeat)));
	}

	void missed() {
		if (this.missed.incrementAndGet() >= this.limit) {
			this.lost.tryEmitEmpty();
		}
	}

	void taken() {
		this.missed.set(0);
	}

	/** Completes when the reader has taken nothing for too long. */
	Mono<Void> lost() {
		return this.lost.asMono();
	}

}
