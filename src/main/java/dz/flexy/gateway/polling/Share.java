package dz.flexy.gateway.polling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;

/**
 * What part of an account's calls may go to orders that are settled in hours: 5 %, which
 * is 6 of 120 a minute. What is left over is kept for one window.
 */
final class Share {

	private static final int ONE_IN = 20;

	private final Clock clock;

	/** When each account's next call is due at an even pace. */
	private final Map<AccountId, Instant> due = new ConcurrentHashMap<>();

	Share(Clock clock) {
		this.clock = clock;
	}

	boolean isLeft(Account account) {
		return !next(account).isAfter(this.clock.instant());
	}

	/** Takes one call, whether or not one is left. */
	void take(Account account) {
		this.due.put(account.id(), next(account).plus(pause(account)));
	}

	/** One that is further ahead than a pause was taken before the clock was set back. */
	private Instant next(Account account) {
		Instant now = this.clock.instant();
		Instant kept = now.minus(account.window());
		Instant due = this.due.getOrDefault(account.id(), kept);
		if (due.isBefore(kept)) {
			return kept;
		}
		return due.isAfter(now.plus(pause(account))) ? now : due;
	}

	private static Duration pause(Account account) {
		return account.window().multipliedBy(ONE_IN).dividedBy(account.limit());
	}

}
