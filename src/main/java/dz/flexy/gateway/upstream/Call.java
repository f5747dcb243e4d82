package dz.flexy.gateway.upstream;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.budget.Lane;

/**
 * On whose account and for what a call is made, and how long it may wait for a permit.
 *
 * @param account whose key and budget
 * @param lane what it is for
 * @param longestWait a longer wait for a permit makes it {@link Outcome.NotSent}
 */
public record Call(Account account, Lane lane, Duration longestWait) {

	private static final Duration BACKGROUND_WAIT = Duration.ofSeconds(30);

	/**
	 * A purchase, or the number check that belongs to one.
	 * @param account whose
	 * @param longestWait for a permit
	 * @return the call
	 */
	public static Call send(Account account, Duration longestWait) {
		return new Call(account, Lane.SEND, longestWait);
	}

	/**
	 * Finding out what became of a purchase, or fetching its card.
	 * @param account whose
	 * @return the call
	 */
	public static Call settle(Account account) {
		return new Call(account, Lane.SETTLE, BACKGROUND_WAIT);
	}

	/**
	 * Following open orders.
	 * @param account whose
	 * @return the call
	 */
	public static Call track(Account account) {
		return new Call(account, Lane.TRACK, BACKGROUND_WAIT);
	}

	/**
	 * A caller waits for the answer.
	 * @param account whose
	 * @param longestWait for a permit
	 * @return the call
	 */
	public static Call lookup(Account account, Duration longestWait) {
		return new Call(account, Lane.LOOKUP, longestWait);
	}

	/**
	 * Keeping a local copy fresh.
	 * @param account whose
	 * @return the call
	 */
	public static Call refresh(Account account) {
		return new Call(account, Lane.REFRESH, BACKGROUND_WAIT);
	}

}
