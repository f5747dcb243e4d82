package dz.flexy.gateway.reconciliation;

import java.time.Instant;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.orders.Order;

/**
 * One comparison of an account's books.
 *
 * @param id its number
 * @param account whose
 * @param from beginning of what is compared, by the database's time
 * @param to end of it
 * @param ended what became final later is not judged: its row in the ledger may be of a
 * time that was not read
 */
record Run(long id, AccountId account, Instant from, Instant to, Instant ended) {

	boolean covers(Instant time) {
		return !time.isBefore(this.from) && !time.isAfter(this.to);
	}

	boolean hasEnded(Order order) {
		Instant end = order.finalAt();
		return order.state().isFinal() && end != null && !end.isAfter(this.ended);
	}

}
