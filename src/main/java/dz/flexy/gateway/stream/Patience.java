package dz.flexy.gateway.stream;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Counts a stream's heartbeats: those that its reader had no room for, and those that are
 * left of its life. Thread-safe for what Reactor serialises: beats come one by one.
 */
final class Patience {

	private final int limit;

	private final Sinks.Empty<Void> lost = Sinks.empty();

	private volatile int missed;

	private int left;

	/**
	 * Of a stream that opens.
	 * @param limit how many beats in a row a reader may miss, 1 or more
	 * @param life how many beats the stream lives, 1 or more
	 */
	Patience(long limit, long life) {
		this.limit = Math.clamp(limit, 1, Integer.MAX_VALUE);
		this.left = Math.clamp(life, 1, Integer.MAX_VALUE);
	}

	/** A beat for which there is no room. */
	@SuppressWarnings("NonAtomicVolatileUpdate") // beats come one by one
	void missed() {
		if (++this.missed >= this.limit) {
			this.lost.tryEmitEmpty();
		}
	}

	/** Something was taken. */
	void taken() {
		this.missed = 0;
	}

	/** Whether a beat that is taken is the last of the stream's life. */
	boolean isOver() {
		return --this.left <= 0;
	}

	/** Completes when the reader has taken nothing for too long. */
	Mono<Void> lost() {
		return this.lost.asMono();
	}

}
