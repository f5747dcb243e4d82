package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An account's money: every change of the balance is a row. Guarded by its book.
 */
final class Ledger {

	private final Ids ids;

	private final List<LedgerRow> rows = new ArrayList<>();

	private BigDecimal balance = BigDecimal.ZERO;

	Ledger(Ids ids) {
		this.ids = ids;
	}

	BigDecimal balance() {
		return this.balance;
	}

	void credit(String type, BigDecimal amount, String objid, Instant now) {
		enter(type, "in", amount, this.balance.add(amount), objid, now);
	}

	void debit(String type, BigDecimal amount, String objid, Instant now) {
		enter(type, "out", amount, this.balance.subtract(amount), objid, now);
	}

	/** Deposits or withdraws the difference to that balance. */
	void adjust(BigDecimal wanted, Instant now) {
		BigDecimal difference = wanted.subtract(this.balance);
		if (difference.signum() > 0) {
			credit("DEPOSIT", difference, "", now);
		}
		else if (difference.signum() < 0) {
			debit("WITHDRAW", difference.negate(), "", now);
		}
	}

	/** Oldest first. */
	List<LedgerRow> rows() {
		return List.copyOf(this.rows);
	}

	private void enter(String type, String operation, BigDecimal amount, BigDecimal after, String objid, Instant now) {
		this.rows.add(new LedgerRow(this.ids.next(now), type, operation, amount, this.balance, after, objid, "", now));
		this.balance = after;
	}

}
