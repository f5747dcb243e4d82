package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts rejected keys per client address and blocks the address, whatever key it then
 * presents. A good key in between does not clear the count; only time does. Thread-safe.
 */
final class LockOut {

	private final int attempts;

	private final Duration duration;

	private final Map<String, Deque<Instant>> rejections = new HashMap<>();

	private final Map<String, Instant> blockedUntil = new HashMap<>();

	LockOut(int attempts, Duration duration) {
		this.attempts = attempts;
		this.duration = duration;
	}

	synchronized boolean blocks(String address, Instant now) {
		return now.isBefore(this.blockedUntil.getOrDefault(address, Instant.MIN));
	}

	/** Notes a rejected key and returns the attempts left; at none the block begins. */
	synchronized int rejected(String address, Instant now) {
		Deque<Instant> recent = this.rejections.computeIfAbsent(address, (key) -> new ArrayDeque<>());
		recent.removeIf((at) -> !now.isBefore(at.plus(this.duration)));
		recent.addLast(now);
		int left = Math.max(0, this.attempts - recent.size());
		if (left == 0) {
			this.blockedUntil.put(address, now.plus(this.duration));
			recent.clear();
		}
		return left;
	}

}
