package dz.flexy.gateway.account;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.problem.InvalidSetting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The configured accounts and their standing. The standing is a row, so a restart does
 * not forget that a key was refused; a new key starts over.
 */
@Component
public class Accounts {

	/**
	 * How long a refused key rests: the upstream blocks an address for 15 minutes after a
	 * few bad keys (contract section 2.2), so one probe in that time is the most.
	 */
	public static final Duration REST = Duration.ofMinutes(15);

	private static final Logger log = LoggerFactory.getLogger(Accounts.class);

	private final Map<AccountId, Account> accounts;

	private final Map<AccountId, Standing> standings = new ConcurrentHashMap<>();

	private final AccountStore store;

	private final Clock clock;

	Accounts(AccountsProperties properties, AccountStore store, Clock clock) {
		this.accounts = AccountSettings.accounts(properties);
		this.store = store;
		this.clock = clock;
	}

	public Collection<Account> all() {
		return this.accounts.values();
	}

	/**
	 * The account of a name.
	 * @param id the name
	 * @return the account
	 * @throws InvalidSetting if it is not configured
	 */
	public Account get(AccountId id) {
		Account account = this.accounts.get(id);
		if (account == null) {
			throw new InvalidSetting("gateway.upstream.accounts." + id + ".api-key", "no such account is configured");
		}
		return account;
	}

	/**
	 * Whether the account may be used now.
	 * @param account which
	 * @return exactly one standing; fails only if the row cannot be read the first time
	 */
	public Mono<Standing> standing(Account account) {
		Standing known = this.standings.get(account.id());
		Mono<Standing> standing = known != null ? Mono.just(known) : load(account);
		return standing.map(this::present);
	}

	/**
	 * Notes that the upstream knows the key.
	 * @param account which
	 * @param active what it said
	 * @return completes when stored
	 */
	public Mono<Void> activate(Account account, Standing.Active active) {
		this.standings.put(account.id(), active);
		return this.store.save(account, active);
	}

	/**
	 * Stops all calls of the account for {@link #REST}, at once in this process and then
	 * in the row.
	 * @param account which
	 * @param reason the upstream's code
	 * @return completes when stored
	 */
	public Mono<Void> stop(Account account, String reason) {
		Standing.Stopped stopped = new Standing.Stopped(reason, this.clock.instant().plus(REST));
		this.standings.put(account.id(), stopped);
		log.error("account {} stopped until {}: {}", account.id(), stopped.until(), reason);
		return this.store.save(account, stopped);
	}

	/**
	 * Stops every account: the upstream blocked this address, whatever key is shown.
	 * @param reason the upstream's code
	 * @return completes when stored
	 */
	public Mono<Void> stopAll(String reason) {
		return Flux.fromIterable(all()).concatMap((account) -> stop(account, reason)).then();
	}

	private Mono<Standing> load(Account account) {
		return this.store.find(account)
			.defaultIfEmpty(new Standing.Unverified())
			.doOnNext((standing) -> this.standings.putIfAbsent(account.id(), standing));
	}

	private Standing present(Standing standing) {
		boolean over = standing instanceof Standing.Stopped stopped && !stopped.until().isAfter(this.clock.instant());
		return over ? new Standing.Unverified() : standing;
	}

}
