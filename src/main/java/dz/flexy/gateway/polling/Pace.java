package dz.flexy.gateway.polling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;

/**
 * How often a family's orders are looked for: at each beat, and at each second one while
 * the account's calls are scarce and it is orders that need them. A third of an order is
 * what each list costs then, and what it tells has to wait for calls as well.
 */
final class Pace {

	/**
	 * Fewer open orders than the tenth part of the limit's calls are not what makes them
	 * scarce.
	 */
	private static final int FEW = 10;

	private final Predicate<Account> scarce;

	/** More than one beat and less than two, since beats are not exact. */
	private final Duration pause;

	private final Clock clock;

	private final Map<Followed, Instant> lookedAt = new ConcurrentHashMap<>();

	/**
	 * @param scarce whether an account's calls are
	 * @param beat from one look to the next
	 */
	Pace(Predicate<Account> scarce, Duration beat, Clock clock) {
		this.scarce = scarce;
		this.pause = beat.multipliedBy(3).dividedBy(2);
		this.clock = clock;
	}

	/**
	 * Whether to look now; the next look is judged by this one if so.
	 * @param open how many orders would be looked for
	 */
	boolean begins(Account account, Family family, int open) {
		Followed followed = new Followed(account.id(), family);
		Instant now = this.clock.instant();
		boolean saves = open >= account.limit() / FEW && this.scarce.test(account);
		boolean begins = !saves || !pauses(followed, now);
		if (begins) {
			this.lookedAt.put(followed, now);
		}
		return begins;
	}

	/** A look that lies ahead was made before the clock was set back. */
	private boolean pauses(Followed followed, Instant now) {
		Instant last = this.lookedAt.getOrDefault(followed, Instant.EPOCH);
		return !last.isAfter(now) && now.isBefore(last.plus(this.pause));
	}

	private record Followed(AccountId account, Family family) {
	}

}
