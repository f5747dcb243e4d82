package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long one balance lasts if it goes down as it did in the last hour. What it goes up
 * in between, by a deposit or a refund, neither counts nor hides what was spent.
 * Thread-safe.
 */
final class Runway {

	static final Duration REMEMBERED = Duration.ofHours(1);

	/** What is spent in less says nothing of an hour. */
	private static final Duration SHORTEST = Duration.ofMinutes(1);

	private final Deque<Sample> samples = new ArrayDeque<>();

	/** Readings may come again, and in their order. */
	synchronized void read(Instant at, BigDecimal balance) {
		if (!this.samples.isEmpty() && !at.isAfter(this.samples.getLast().at())) {
			return;
		}
		this.samples.addLast(new Sample(at, balance));
		while (this.samples.getFirst().at().isBefore(at.minus(REMEMBERED))) {
			this.samples.removeFirst();
		}
	}

	/**
	 * Seconds from the last reading on: infinite if nothing was spent, not a number until
	 * two readings are a minute apart.
	 */
	synchronized double seconds() {
		if (this.samples.isEmpty()) {
			return Double.NaN;
		}
		Duration span = Duration.between(this.samples.getFirst().at(), this.samples.getLast().at());
		if (span.compareTo(SHORTEST) < 0) {
			return Double.NaN;
		}
		BigDecimal spent = spent();
		return (spent.signum() == 0) ? Double.POSITIVE_INFINITY
				: this.samples.getLast()
					.balance()
					.max(BigDecimal.ZERO)
					.multiply(BigDecimal.valueOf(span.toMillis(), 3))
					.divide(spent, MathContext.DECIMAL64)
					.doubleValue();
	}

	private BigDecimal spent() {
		BigDecimal spent = BigDecimal.ZERO;
		BigDecimal before = this.samples.getFirst().balance();
		for (Sample sample : this.samples) {
			spent = spent.add(before.subtract(sample.balance()).max(BigDecimal.ZERO));
			before = sample.balance();
		}
		return spent;
	}

	private record Sample(Instant at, BigDecimal balance) {
	}

}
