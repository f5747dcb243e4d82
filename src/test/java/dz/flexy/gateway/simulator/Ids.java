package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Identifiers in the upstream's forms, unique within a simulator and unlikely to repeat
 * in the next one. Thread-safe.
 */
final class Ids {

	private final AtomicLong sequence = new AtomicLong();

	private final AtomicLong requests = new AtomicLong();

	private final AtomicLong orders = new AtomicLong();

	private final long salt;

	Ids(long seed) {
		this.salt = new SplittableRandom(seed).nextLong(1L << 40);
	}

	/** 24 lower-case hexadecimal characters: seconds, salt, counter. */
	String next(Instant now) {
		return String.format("%08x%010x%06x", now.getEpochSecond() & 0xffffffffL, this.salt,
				this.sequence.incrementAndGet() & 0xffffffL);
	}

	long order() {
		return this.orders.incrementAndGet();
	}

	String request(Instant now) {
		return "req_" + now.getEpochSecond() + "_" + Long.toString(this.requests.incrementAndGet(), 36);
	}

	/** 12 digits; the factor has no common divisor with 10^12, so no two are equal. */
	String cardCode(long orderSequence) {
		return String.format("%012d", (orderSequence * 387_420_489L + this.salt) % 1_000_000_000_000L);
	}

}
