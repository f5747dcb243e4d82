package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * One key and the account behind it, as the simulator's owner sees and moves them. Keys
 * of the same username and type share orders and money. Thread-safe.
 */
public final class SimulatedAccount {

	private final AccessKey key;

	private final Clock clock;

	SimulatedAccount(AccessKey key, Clock clock) {
		this.key = key;
		this.clock = clock;
	}

	public BigDecimal balance() {
		return this.key.book().balance(this.clock.instant());
	}

	public void deposit(BigDecimal amount) {
		this.key.book().deposit(amount, this.clock.instant());
	}

	/** Deposits or withdraws the difference. */
	public void setBalance(BigDecimal balance) {
		this.key.book().setBalance(balance, this.clock.instant());
	}

	/** Newest first, those hidden from reads included. */
	public List<SimulatedOrder> orders() {
		return this.key.book()
			.all(this.clock.instant())
			.stream()
			.map((order) -> SimulatedOrder.of(order, this.clock.instant()))
			.toList();
	}

	/** Finds by the ref as sent. */
	public Optional<SimulatedOrder> order(String ref) {
		return orders().stream().filter((order) -> order.ref().equals(ref)).findFirst();
	}

	/** Oldest first; the opening balance is the first row. */
	public List<LedgerRow> transactions() {
		return this.key.book().transactions(this.clock.instant());
	}

	/** Gives the order that status from now on, with its refund if it is REFUNDED. */
	public void settle(String id, String status) {
		this.key.book().settle(id, status, this.clock.instant());
	}

	/** As {@link #settle(String, String)}, by the ref as sent. */
	public void settleRef(String ref, String status) {
		settle(order(ref).orElseThrow(() -> new NoSuchElementException(ref)).id(), status);
	}

	/** Ends the hiding of {@link Fault#hiddenFor}. */
	public void show(String id) {
		this.key.book().show(id, this.clock.instant());
	}

	/** Leaves the order out of lists, as a page does that shifted while it was read. */
	public void unlist(String id) {
		this.key.book().unlist(id);
	}

	/** Loses the order, as if it had never been taken; what it cost stays paid. */
	public void forget(String id) {
		this.key.book().forget(id, this.clock.instant());
	}

	/** Takes money for something, whether or not there is such a thing. */
	public void charge(String type, BigDecimal amount, String objid) {
		this.key.book().debit(type, amount, objid, this.clock.instant());
	}

	/** Newest first, those hidden from reads included. */
	public List<SimulatedGiftOrder> giftOrders() {
		Instant now = this.clock.instant();
		return gifts().all(now).stream().map((order) -> SimulatedGiftOrder.of(order, now)).toList();
	}

	/** As {@link #settle(String, String)}, for a gift card order. */
	public void settleGift(String id, String status) {
		settleGift(id, status, 1);
	}

	/** As {@link #settleGift(String, String)}; partly filled it has so many cards. */
	public void settleGift(String id, String status, int cards) {
		gifts().settle(id, status, cards, this.clock.instant());
	}

	public void stockGift(String type, int quantity) {
		this.key.tenant().shelf().stock(type, quantity);
	}

	public void priceGift(String type, BigDecimal price) {
		this.key.tenant().shelf().price(type, price);
	}

	public void sellGift(String product, boolean enabled) {
		this.key.tenant().shelf().enable(product, enabled);
	}

	/** Newest first. */
	public List<SimulatedLink> links() {
		Instant now = this.clock.instant();
		return this.key.tenant().links().all(now).stream().map((link) -> SimulatedLink.of(link, now)).toList();
	}

	/** Lets the customer pay, {@code CONFIRMED}, or give up, {@code FAILED}. */
	public void settleLink(String ref, String status) {
		this.key.tenant().links().settle(ref, status, this.clock.instant());
	}

	/** Newest first, those hidden from reads included. */
	public List<SimulatedBill> bills() {
		Instant now = this.clock.instant();
		return this.key.tenant().bills().all(now).stream().map((bill) -> SimulatedBill.of(bill, now)).toList();
	}

	/** As {@link #settle(String, String)}, for a bill transaction. */
	public void settleBill(String id, String status) {
		this.key.tenant().bills().settle(id, status, this.clock.instant());
	}

	/** What every receipt is from now on: its type and its length in bytes. */
	public void setReceipt(String contentType, long bytes) {
		this.key.tenant().bills().receipt(new Bills.Receipt(contentType, bytes, false));
	}

	/** Receipts answer 404 though the bill was paid. */
	public void withholdReceipts() {
		this.key.tenant().bills().receipt(new Bills.Receipt("", 0, true));
	}

	public void setBiller(String partner, boolean available) {
		this.key.tenant().bills().available(partner, available);
	}

	private GiftOrders gifts() {
		return this.key.tenant().gifts();
	}

	/** A disabled key is answered 403 {@code API_DISABLED}. */
	public void setKeyEnabled(boolean enabled) {
		this.key.enable(enabled);
	}

	/** A revoked key is answered 401 and counts towards the lock-out. */
	public void setKeyRevoked(boolean revoked) {
		this.key.revoke(revoked);
	}

	/** Fences the key to these client addresses; none means every address. */
	public void setAllowedAddresses(List<String> addresses) {
		this.key.allow(addresses);
	}

	public void stock(String type, BigDecimal value, boolean available) {
		this.key.catalogue().stock(type, value, available);
	}

	public void setCost(String type, BigDecimal value, BigDecimal cost) {
		this.key.catalogue().cost(type, value, cost);
	}

	/** Changes the key's rate limit, in the running window too. */
	public void setLimit(int calls) {
		this.key.window().limit(calls);
	}

	/** Forgets the calls of the running window. */
	public void restartWindow() {
		this.key.window().restart();
	}

}
