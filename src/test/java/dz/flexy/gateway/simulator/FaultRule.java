package dz.flexy.gateway.simulator;

import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * One fault with the requests it is meant for. Hits the next one only, unless told
 * otherwise. Thread-safe.
 */
public final class FaultRule {

	private final Fault fault;

	private final Predicate<ReceivedRequest> match;

	private int left = 1;

	private int hits;

	private double probability = 1;

	private SplittableRandom random = new SplittableRandom(0);

	FaultRule(Fault fault, Predicate<ReceivedRequest> match) {
		this.fault = fault;
		this.match = match;
	}

	/** Hits the next matching requests, that many. */
	public synchronized FaultRule times(int times) {
		this.left = times;
		return this;
	}

	/** Hits every matching request until cleared. */
	public FaultRule always() {
		return times(Integer.MAX_VALUE);
	}

	/** Hits every matching request with that probability, the same way for each seed. */
	public synchronized FaultRule withProbability(double chance, long seed) {
		this.probability = chance;
		this.random = new SplittableRandom(seed);
		return always();
	}

	/** How many requests it has hit. */
	public synchronized int hits() {
		return this.hits;
	}

	Fault fault() {
		return this.fault;
	}

	synchronized boolean hit(ReceivedRequest request) {
		boolean hit = this.left > 0 && this.match.test(request)
				&& (this.probability >= 1 || this.random.nextDouble() < this.probability);
		if (hit) {
			this.left = (this.left == Integer.MAX_VALUE) ? this.left : this.left - 1;
			this.hits++;
		}
		return hit;
	}

}
