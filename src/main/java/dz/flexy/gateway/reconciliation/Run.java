package dz.flexy.gateway.reconciliation;

import java.time.Instant;

import dz.flexy.gateway.account.AccountId;

/**
 * One comparison of an account's books.
 *
 * @param id its number
 * @param account whose
 * @param from beginning of what is compared, by the database's time
 * @param to end of it
 */
record Run(long id, AccountId account, Instant from, Instant to) {

	boolean covers(Instant time) {
		return !time.isBefore(this.from) && !time.isAfter(this.to);
	}

}
