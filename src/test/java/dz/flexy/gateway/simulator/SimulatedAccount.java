package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Clock;
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
