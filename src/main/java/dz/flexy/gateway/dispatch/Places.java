package dz.flexy.gateway.dispatch;

import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * How many orders of one account this replica may take now. Whose turn it is is decided
 * by the claim, so only a few are claimed ahead of their permits; once begun they leave
 * that line, since the upstream may take long to answer. Thread-safe.
 */
final class Places {

	private final int ahead;

	private final int all;

	private final Sinks.Many<String> freed = Sinks.many().multicast().directBestEffort();

	private final AtomicInteger untold = new AtomicInteger();

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

	/**
	 * Never waits and never fails, since an order is about to leave: what becomes free
	 * while another thread tells is told by that thread.
	 */
	private void tell() {
		int seen = 1;
		if (this.untold.getAndIncrement() == 0) {
			do {
				this.freed.tryEmitNext("freed");
				seen = this.untold.addAndGet(-seen);
			}
			while (seen > 0);
		}
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
				tell();
			}
		}

		/** It was sent, refused or left for later. */
		void over() {
			begun();
			if (end()) {
				leave(0, 1);
				tell();
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
