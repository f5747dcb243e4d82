package dz.flexy.gateway.catalog;

import dz.flexy.gateway.account.AccountId;

/**
 * A question about a number.
 *
 * @param account with whose key it is asked
 * @param type {@code ADSL} or {@code 4G}
 * @param number in the format of its type
 * @param sending whether a send waits for the answer, so that it never queues behind an
 * inquiry of a later lane
 */
record Inquiry(AccountId account, String type, String number, boolean sending) {

	@Override
	public String toString() {
		return "inquiry about a " + this.type + " number";
	}

}
