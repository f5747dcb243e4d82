package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many calls one key has made. Thread-safe.
 * <p>
 * Fixed: a window opens with the first call and lasts its full length. Sliding: no period
 * of that length holds more calls than the limit. A refused call does not count.
 */
final class RateWindow {

	private final Duration length;

	private final boolean sliding;

	private final Deque<Instant> calls = new ArrayDeque<>();

	private int limit;

	private long refused;

	RateWindow(int limit, Duration length, boolean sliding) {
		this.limit = limit;
		this.length = length;
		this.sliding = sliding;
	}

	synchronized Admission admit(Instant now) {
		expire(now);
		boolean allowed = this.calls.size() < this.limit;
		if (allowed) {
			this.calls.addLast(now);
		}
		else {
			this.refused++;
		}
		int remaining = Math.max(0, this.limit - this.calls.size());
		return new Admission(allowed, this.limit, remaining, opened(now).plus(this.length));
	}

	synchronized void limit(int calls) {
		this.limit = calls;
	}

	/** Calls over the limit since the start. */
	synchronized long refused() {
		return this.refused;
	}

	synchronized void restart() {
		this.calls.clear();
	}

	private Instant opened(Instant now) {
		return this.calls.isEmpty() ? now : this.calls.getFirst();
	}

	private void expire(Instant now) {
		if (this.sliding) {
			while (!this.calls.isEmpty() && over(this.calls.getFirst(), now)) {
				this.calls.removeFirst();
			}
		}
		else if (!this.calls.isEmpty() && over(this.calls.getFirst(), now)) {
			this.calls.clear();
		}
	}

	private boolean over(Instant call, Instant now) {
		return !now.isBefore(call.plus(this.length));
	}

}
