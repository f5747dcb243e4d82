package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Identifiers in the upstream's forms, unique within a simulator and unlikely to repeat
 * in the next one. Thread-safe.
 */
final class Ids {

	private final AtomicLong sequence = new AtomicLong();

	private final AtomicLong requests = new AtomicLong();

	private final AtomicLong orders = new AtomicLong();

	private final AtomicLong links = new AtomicLong();

	/** Far from the sequence numbers of orders, so that no code is given twice. */
	private final AtomicLong cards = new AtomicLong(1L << 32);

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

	/** In the form {@code OCPL-XXXXXX-YYYY}. */
	String paymentRef() {
		long number = this.links.incrementAndGet();
		return String.format("OCPL-%06X-%04X", number & 0xffffffL, this.salt & 0xffffL);
	}

	/** As many cards as asked for; no two that this simulator hands out are equal. */
	List<GiftOrder.Card> giftCards(int count) {
		long first = this.cards.getAndAdd(count);
		return LongStream.range(first, first + count).mapToObj(this::giftCard).toList();
	}

	private GiftOrder.Card giftCard(long number) {
		String digits = cardCode(number) + String.format("%04d", this.salt % 10_000);
		return new GiftOrder.Card(String.join("-", digits.substring(0, 4), digits.substring(4, 8),
				digits.substring(8, 12), digits.substring(12)), String.format("9%011d", number));
	}

	/** 12 digits; the factor has no common divisor with 10^12, so no two are equal. */
	String cardCode(long orderSequence) {
		return String.format("%012d", (orderSequence * 387_420_489L + this.salt) % 1_000_000_000_000L);
	}

}
