package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The refunds to come, by the deals' timelines. A deal is refunded once at most. Guarded
 * by its book.
 */
final class Refunds {

	record Refund(Instant due, Deal deal) {
	}

	private final PriorityQueue<Refund> waiting = new PriorityQueue<>(
			Comparator.comparing(Refund::due).thenComparing((refund) -> refund.deal().sequence()));

	/** Reads the deal's timeline again, in place of what was planned for it. */
	void plan(Deal deal) {
		this.waiting.removeIf((refund) -> refund.deal() == deal);
		add(deal);
	}

	/** As {@link #plan(Deal)}, for one that is not known yet. */
	void add(Deal deal) {
		if (!deal.isRefunded()) {
			deal.refundDue().ifPresent((due) -> this.waiting.add(new Refund(due, deal)));
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
