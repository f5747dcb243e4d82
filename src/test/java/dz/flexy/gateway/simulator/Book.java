package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Orders and money of one account. A ref stays taken for ever. Refunds fall due by the
 * timeline and are entered, in order, before anything else is read or written. Every
 * method is atomic.
 */
final class Book {

	private final String username;

	private final boolean paying;

	private final Ids ids;

	private final Pace pace;

	private final Orders orders;

	private final Ledger ledger;

	private final Refunds refunds = new Refunds();

	private final Map<String, Integer> attempts = new HashMap<>();

	Book(String username, boolean paying, Ids ids, Pace pace) {
		this.username = username;
		this.paying = paying;
		this.ids = ids;
		this.pace = pace;
		this.orders = new Orders(username);
		this.ledger = new Ledger(ids);
	}

	/**
	 * Accepts the purchase and charges it, or refuses with nothing changed. The order
	 * stays invisible to reads while hidden, by the request's fault or its number's.
	 */
	synchronized Order accept(Purchase purchase, Instant now, Duration hidden) {
		settleDue(now);
		this.orders.taking(this.orders.stored(purchase.ref())).ifPresent(Book::refuseDuplicate);
		refuseUnfunded(purchase.cost(), purchase.outcome() == SuffixOutcome.NO_FUNDS);
		Order order = order(purchase, now, hidden.plus(this.pace.of(purchase.outcome().hidden())));
		this.orders.add(order);
		enter(order, now);
		return order;
	}

	/**
	 * Makes a deal and charges it, or refuses with nothing changed. The deal must be put
	 * where it belongs while it is made.
	 */
	synchronized <D extends Deal> D deal(BigDecimal price, Instant now, Supplier<D> made) {
		settleDue(now);
		refuseUnfunded(price, false);
		D deal = made.get();
		enter(deal, now);
		return deal;
	}

	/** Takes a step that no other movement of this book interrupts. */
	synchronized <T> T step(Instant now, Supplier<T> step) {
		settleDue(now);
		return step.get();
	}

	/** Looks again at when that deal is refunded. */
	synchronized void replan(Deal deal, Instant now) {
		this.refunds.plan(deal);
		settleDue(now);
	}

	synchronized Optional<Order> byId(Family family, String id, Instant now) {
		settleDue(now);
		return this.orders.byId(family, id, now);
	}

	/** Finds by the ref as sent or as stored. */
	synchronized Optional<Order> byRef(Family family, String ref, Instant now) {
		settleDue(now);
		return this.orders.byRef(family, ref, now);
	}

	/** Newest first. */
	synchronized List<Order> visible(Family family, Instant now) {
		return all(now).stream().filter((order) -> order.isVisible(family, now) && order.isListed()).toList();
	}

	/** Newest first, invisible ones included. */
	synchronized List<Order> all(Instant now) {
		settleDue(now);
		return this.orders.all();
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
		credit("DEPOSIT", amount, "", now);
	}

	synchronized void credit(String type, BigDecimal amount, String objid, Instant now) {
		settleDue(now);
		this.ledger.credit(type, amount, objid, now);
	}

	synchronized void debit(String type, BigDecimal amount, String objid, Instant now) {
		settleDue(now);
		this.ledger.debit(type, amount, objid, now);
	}

	synchronized void show(String id, Instant now) {
		this.orders.byId(id).orElseThrow().show(now);
	}

	synchronized void unlist(String id) {
		this.orders.byId(id).orElseThrow().unlist();
	}

	/** Loses the order; what it cost stays in the ledger. */
	synchronized void forget(String id, Instant now) {
		settleDue(now);
		this.orders.forget(id);
	}

	/** Deposits or withdraws the difference. */
	synchronized void setBalance(BigDecimal balance, Instant now) {
		settleDue(now);
		this.ledger.adjust(balance, now);
	}

	/** Gives the order that status from now on, whatever its timeline said. */
	synchronized void settle(String id, String status, Instant now) {
		settleDue(now);
		Order order = this.orders.byId(id).orElseThrow();
		order.force(status, now);
		replan(order, now);
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

	/** Whether orders cost money here: not in the sandbox. */
	boolean isPaying() {
		return this.paying;
	}

	Ids ids() {
		return this.ids;
	}

	Pace pace() {
		return this.pace;
	}

	String username() {
		return this.username;
	}

	private Order order(Purchase purchase, Instant now, Duration hidden) {
		Order.Identity identity = new Order.Identity(this.ids.next(now), this.orders.stored(purchase.ref()),
				this.ids.order());
		Timeline timeline = purchase.outcome().timeline(purchase.family(), purchase.number(), this.pace);
		return new Order(purchase, identity, now, hidden, timeline);
	}

	private static void refuseDuplicate(Order existing) {
		existing.countSend();
		throw new Refused(403, "DUPLICATED_REF", "This reference has already been used");
	}

	private void refuseUnfunded(BigDecimal price, boolean scripted) {
		boolean unfunded = this.paying && this.ledger.balance().compareTo(price) < 0;
		if (scripted || unfunded) {
			throw Refused.balance(price, this.ledger.balance());
		}
	}

	private void enter(Deal deal, Instant now) {
		this.refunds.add(deal);
		if (this.paying) {
			this.ledger.debit(deal.debit(), deal.price(), deal.id(), now);
		}
	}

	private void settleDue(Instant now) {
		this.refunds.takeDue(now).forEach(this::refund);
	}

	private void refund(Refunds.Refund refund) {
		Deal deal = refund.deal();
		deal.markRefunded();
		if (this.paying) {
			this.ledger.credit("REFUND-" + deal.debit(), deal.refund(), deal.id(), refund.due());
		}
	}

}
