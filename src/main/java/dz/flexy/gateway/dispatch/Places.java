package dz.flexy.gateway.dispatch;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

/**
 * How many orders of one account this replica may take now. Whose turn it is is decided
 * by the claim, so only a few are claimed ahead of their permits; once begun they leave
 * that line, since the upstream may take long to answer. Thread-safe.
 */
final class Places {

	/** Another thread emits at the same moment; it is soon done. */
	private static final EmitFailureHandler SOON = EmitFailureHandler.busyLooping(Duration.ofSeconds(1));

	private final int ahead;

	private final int all;

	private final Sinks.Many<String> freed = Sinks.many().multicast().directBestEffort();

	private int notBegun;

	private int taken;

	/**
	 * @param ahead orders claimed and not begun at most
	 * @param all orders claimed and not over at most
	 */
	Places(int ahead, int all) {
		this.ahead = ahead;
		this.all = all;
	}

	synchronized int free() {
		return Math.min(this.ahead - this.notBegun, this.all - this.taken);
	}

	synchronized Place take() {
		this.notBegun++;
		this.taken++;
		return new Place();
	}

	/**
	 * Emits after a place became free; a subscriber that is busy gets one for several.
	 */
	Flux<String> freed() {
		return this.freed.asFlux().onBackpressureLatest();
	}

	private synchronized void leave(int begun, int over) {
		this.notBegun -= begun;
		this.taken -= over;
	}

	/** One order's; each end counts once. */
	final class Place {

		private boolean begun;

		private boolean over;

		/** Its first byte is about to leave. */
		void begun() {
			if (begin()) {
				leave(1, 0);
				Places.this.freed.emitNext("begun", SOON);
			}
		}

		/** It was sent, refused or left for later. */
		void over() {
			begun();
			if (end()) {
				leave(0, 1);
				Places.this.freed.emitNext("over", SOON);
			}
		}

		private synchronized boolean begin() {
			boolean first = !this.begun;
			this.begun = true;
			return first;
		}

		private synchronized boolean end() {
			boolean first = !this.over;
			this.over = true;
			return first;
		}

	}

}
