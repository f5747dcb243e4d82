package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/**
 * Orders and money of one account. A ref stays taken for ever. Refunds fall due by the
 * timeline and are entered, in order, before anything else is read or written. Every
 * method is atomic.
 */
final class Book {

	private record Refund(Instant due, Order order) {
	}

	private final String username;

	private final boolean paying;

	private final Ids ids;

	private final Pace pace;

	private final Ledger ledger;

	private final Map<String, Order> byRef = new HashMap<>();

	private final Map<String, Order> byId = new LinkedHashMap<>();

	private final PriorityQueue<Refund> refunds = new PriorityQueue<>(Comparator.comparing(Refund::due));

	private final Map<String, Integer> attempts = new HashMap<>();

	Book(String username, boolean paying, Ids ids, Pace pace) {
		this.username = username;
		this.paying = paying;
		this.ids = ids;
		this.pace = pace;
		this.ledger = new Ledger(ids);
	}

	/**
	 * Accepts the purchase and charges it, or refuses with nothing changed. The order
	 * stays invisible to reads while hidden, by the request's fault or its number's.
	 */
	synchronized Order accept(Purchase purchase, Instant now, Duration hidden) {
		settleDue(now);
		String stored = stored(purchase.ref());
		refuseDuplicate(this.byRef.get(stored));
		refuseUnfunded(purchase);
		Order order = enter(purchase, stored, now, hidden.plus(purchase.outcome().hidden()));
		if (this.paying) {
			this.ledger.debit(purchase.family().debit(), purchase.cost(), order.id(), now);
		}
		return order;
	}

	synchronized Optional<Order> byId(Family family, String id, Instant now) {
		settleDue(now);
		return visible(this.byId.get(id), family, now);
	}

	/** Finds by the ref as sent or as stored. */
	synchronized Optional<Order> byRef(Family family, String ref, Instant now) {
		settleDue(now);
		Order exact = this.byRef.get(ref);
		return visible((exact != null) ? exact : this.byRef.get(stored(ref)), family, now);
	}

	/** Newest first. */
	synchronized List<Order> visible(Family family, Instant now) {
		settleDue(now);
		return orders(now).stream()
			.filter((order) -> order.purchase().family() == family && order.isVisible(now))
			.toList();
	}

	/** Newest first, invisible ones included. */
	synchronized List<Order> orders(Instant now) {
		settleDue(now);
		return new ArrayList<>(this.byId.values()).reversed();
	}

	synchronized BigDecimal balance(Instant now) {
		settleDue(now);
		return this.ledger.balance();
	}

	/** Oldest first. */
	synchronized List<LedgerRow> transactions(Instant now) {
		settleDue(now);
		return this.ledger.rows();
	}

	synchronized void deposit(BigDecimal amount, Instant now) {
		settleDue(now);
		this.ledger.credit("DEPOSIT", amount, "", now);
	}

	/** Deposits or withdraws the difference. */
	synchronized void setBalance(BigDecimal balance, Instant now) {
		settleDue(now);
		BigDecimal difference = balance.subtract(this.ledger.balance());
		if (difference.signum() > 0) {
			this.ledger.credit("DEPOSIT", difference, "", now);
		}
		else if (difference.signum() < 0) {
			this.ledger.debit("WITHDRAW", difference.negate(), "", now);
		}
	}

	/** Gives the order that status from now on, whatever its timeline said. */
	synchronized void settle(String id, String status, Instant now) {
		settleDue(now);
		Order order = Optional.ofNullable(this.byId.get(id)).orElseThrow();
		order.force(status, now);
		this.refunds.removeIf((refund) -> refund.order() == order);
		scheduleRefund(order);
		settleDue(now);
	}

	synchronized int countRead(Order order) {
		return order.countRead();
	}

	/** Counts a send of that ref (or number) and tells whether it is the first. */
	synchronized boolean firstAttempt(String refOrNumber) {
		return this.attempts.merge(refOrNumber, 1, Integer::sum) == 1;
	}

	String generatedRef(Instant now) {
		return "auto-" + this.ids.next(now);
	}

	String username() {
		return this.username;
	}

	private Order enter(Purchase purchase, String stored, Instant now, Duration hidden) {
		Order.Identity identity = new Order.Identity(this.ids.next(now), stored, this.ids.order());
		Timeline timeline = purchase.outcome().timeline(purchase.family(), purchase.number(), this.pace);
		Order order = new Order(purchase, identity, now, hidden, timeline);
		this.byRef.put(stored, order);
		this.byId.put(order.id(), order);
		scheduleRefund(order);
		return order;
	}

	private static void refuseDuplicate(@Nullable Order existing) {
		if (existing != null) {
			existing.countSend();
			throw new Refused(403, "DUPLICATED_REF", "This reference has already been used");
		}
	}

	private void refuseUnfunded(Purchase purchase) {
		boolean scripted = purchase.outcome() == SuffixOutcome.NO_FUNDS;
		boolean unfunded = this.paying && this.ledger.balance().compareTo(purchase.cost()) < 0;
		if (scripted || unfunded) {
			throw Refused.balance(purchase.cost(), this.ledger.balance());
		}
	}

	private void scheduleRefund(Order order) {
		if (!order.isRefunded()) {
			order.reaching("REFUNDED").ifPresent((due) -> this.refunds.add(new Refund(due, order)));
		}
	}

	private void settleDue(Instant now) {
		while (!this.refunds.isEmpty() && !this.refunds.peek().due().isAfter(now)) {
			refund(this.refunds.remove());
		}
	}

	private void refund(Refund refund) {
		Order order = refund.order();
		order.markRefunded();
		if (this.paying) {
			Purchase purchase = order.purchase();
			this.ledger.credit(purchase.family().refund(), purchase.cost(), order.id(), refund.due());
		}
	}

	private String stored(String ref) {
		return "API-" + this.username + "-" + ref;
	}

	private static Optional<Order> visible(@Nullable Order order, Family family, Instant now) {
		return Optional.ofNullable(order)
			.filter((found) -> found.purchase().family() == family)
			.filter((found) -> found.isVisible(now));
	}

}
