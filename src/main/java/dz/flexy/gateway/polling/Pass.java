package dz.flexy.gateway.polling;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.upstream.Call;

/**
 * What all looks of one run have in common.
 *
 * @param call on whose account
 * @param family of which product
 * @param token of the lease under which they are made
 * @param changed how many orders have changed so far
 * @param found how many were looked for in list pages and shown there
 * @param missed how many were not shown
 * @param unasked how many were to be read alone, and the call could not be made
 */
record Pass(Call call, Family family, long token, AtomicInteger changed, AtomicInteger found, AtomicInteger missed,
		AtomicInteger unasked) {

	static Pass begin(Account account, Family family, Lease lease) {
		return new Pass(Call.track(account), family, lease.token(), new AtomicInteger(), new AtomicInteger(),
				new AtomicInteger(), new AtomicInteger());
	}

	/** What its span is told by. */
	Map<String, String> tags(int due) {
		return Map.of("account", this.call.account().id().value(), "family", this.family.label(), "orders.due",
				Integer.toString(due));
	}

	Swept swept(int due) {
		return new Swept(due, this.changed.get(), this.found.get(), this.missed.get(), false);
	}

}
