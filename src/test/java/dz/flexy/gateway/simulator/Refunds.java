package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The refunds to come, by the orders' timelines. An order is refunded once at most.
 * Guarded by its book.
 */
final class Refunds {

	record Refund(Instant due, Order order) {
	}

	private final PriorityQueue<Refund> waiting = new PriorityQueue<>(
			Comparator.comparing(Refund::due).thenComparing((refund) -> refund.order().sequence()));

	/** Reads the order's timeline again, in place of what was planned for it. */
	void plan(Order order) {
		this.waiting.removeIf((refund) -> refund.order() == order);
		add(order);
	}

	/** As {@link #plan(Order)}, for an order that is not known yet. */
	void add(Order order) {
		if (!order.isRefunded()) {
			order.reaching("REFUNDED").ifPresent((due) -> this.waiting.add(new Refund(due, order)));
		}
	}

	/** Takes the refunds that are due, earliest first. */
	List<Refund> takeDue(Instant now) {
		List<Refund> due = new ArrayList<>();
		while (!this.waiting.isEmpty() && !this.waiting.element().due().isAfter(now)) {
			due.add(this.waiting.remove());
		}
		return due;
	}

}
