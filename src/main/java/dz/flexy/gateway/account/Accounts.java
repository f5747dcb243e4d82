package dz.flexy.gateway.account;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.lease.Leases;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.signal.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The configured accounts and their standing. The standing is a row for each key that all
 * replicas share: a restart does not forget that a key was refused, a new key starts
 * over, and while it is rolled out the replicas with the old one go by their own row.
 */
@Component
public class Accounts {

	/**
	 * How long a refused key rests: the upstream blocks an address for 15 minutes after a
	 * few bad keys (contract section 2.2), so one probe in that time is the most.
	 */
	public static final Duration REST = Duration.ofMinutes(15);

	/** Topic of every change of a standing. */
	static final String CHANGED = "account.changed";

	/** One lease for all accounts: keys that are shown at once could all be bad. */
	private static final String CHECK = "account-check";

	/** Longer than a check can take, its wait for a permit included. */
	private static final Duration LONGEST_CHECK = Duration.ofSeconds(35);

	private static final Duration PAUSE = Duration.ofMillis(250);

	/** Ten seconds of pauses. */
	private static final int MOST_PAUSES = 40;

	/** A connection to the database may die without a word; no wait is for ever. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final int MOST_READINGS = 3;

	private static final Logger log = LoggerFactory.getLogger(Accounts.class);

	private final Map<AccountId, Account> accounts;

	private final Standings standings = new Standings();

	private final Queue<Stop> unsaved = new ConcurrentLinkedQueue<>();

	private final AccountStore store;

	private final Leases leases;

	private final Replicas replicas;

	private final Signals signals;

	private final Clock clock;

	Accounts(AccountsProperties properties, AccountStore store, Leases leases, Replicas replicas, Signals signals,
			Clock clock) {
		this.accounts = AccountSettings.accounts(properties);
		this.store = store;
		this.leases = leases;
		this.replicas = replicas;
		this.signals = signals;
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
	 * Whether the account may be used now, as known in this process: at most a second
	 * old, or as last known while the database is gone.
	 * @param account which
	 * @return exactly one standing; fails only if the rows cannot be read the first time
	 */
	public Mono<Standing> standing(Account account) {
		return Mono.defer(() -> Mono.justOrEmpty(known(account)))
			.switchIfEmpty(Mono.defer(() -> refresh().then(Mono.fromSupplier(() -> orUnverified(account)))));
	}

	/** How the account stands, as far as is known here; asks nobody. */
	Optional<Standing> peek(Account account) {
		return known(account);
	}

	/** Whether that is how the account stands, as far as is known here; asks nobody. */
	boolean isKnown(Account account, String label) {
		return known(account).map(Standing::label).filter(label::equals).isPresent();
	}

	/**
	 * Whether this replica leaves the work for an account to others: its own key is
	 * stopped, but in a rolling update one of those that live may have a new one. Before
	 * the first count of the replicas there may be others.
	 * @param account which
	 * @return exactly one; never fails
	 */
	public Mono<Boolean> leftToOthers(Account account) {
		return Mono.defer(() -> this.replicas.alone() ? Mono.just(false)
				: standing(account).map(Standing.Stopped.class::isInstance))
			.onErrorReturn(false);
	}

	/**
	 * Lets one replica at a time ask the upstream about a key, whatever the account: the
	 * others wait, 10 s at most, and then go by what was stored. A key that must not be
	 * shown now, because too many were refused, is stopped instead.
	 * @param <T> what comes of it
	 * @param account whose key
	 * @param use what to do with the standing as it is in the row. For
	 * {@link Standing.Unverified} alone the upstream is to be asked, and what it says to
	 * be noted here before this completes; that takes 35 s at most
	 * @return what {@code use} emits; fails if the rows cannot be read or nobody's turn
	 * ends in time. Cancelling gives the turn back
	 */
	public <T> Mono<T> inTurn(Account account, Function<Standing, Mono<T>> use) {
		Mono<T> turn = Mono.usingWhen(this.leases.takeAlone(CHECK, LONGEST_CHECK).timeout(PATIENCE),
				(lease) -> stored(account).flatMap(use), this::release);
		return Mono.defer(() -> {
			Standing known = orUnverified(account);
			return (known instanceof Standing.Unverified) ? turn : use.apply(known);
		}).repeatWhenEmpty(MOST_PAUSES, (times) -> times.delayElements(PAUSE));
	}

	/**
	 * Notes that the upstream knows the key. A stop that another replica stored meanwhile
	 * holds.
	 * @param account which
	 * @param active what it said
	 * @return completes when stored
	 */
	public Mono<Void> activate(Account account, Standing.Active active) {
		return Mono.defer(() -> {
			this.standings.learned(account, active);
			return this.store.activate(KeyId.of(account), active, this.clock.instant())
				.timeout(PATIENCE)
				.doOnSuccess((stored) -> this.signals.raise(CHANGED));
		});
	}

	/**
	 * Stops all calls with the account's key for {@link #REST}, at once in this process
	 * and then in the row; if that fails it is tried again until it succeeds.
	 * @param account which
	 * @param reason what contradicts the settings
	 * @return completes when stored
	 */
	public Mono<Void> stop(Account account, String reason) {
		return stop(KeyId.of(account), reason, Optional.empty());
	}

	/**
	 * The same because the upstream refused the key, which is remembered: after two
	 * different keys or four refusals within {@link #REST} no other key is shown.
	 * @param account whose key was refused
	 * @param code the upstream's code
	 * @return completes when stored
	 */
	public Mono<Void> refused(Account account, String code) {
		return stop(KeyId.of(account), code, Optional.of(failure(account)));
	}

	/**
	 * Stops every key of every account, also those configured elsewhere or later: the
	 * upstream blocked this address.
	 * @param account whose key was shown
	 * @param code the upstream's code
	 * @return completes when stored
	 */
	public Mono<Void> blocked(Account account, String code) {
		return stop(KeyId.EVERY, code, Optional.of(failure(account)));
	}

	/**
	 * Stores what is not stored, then reads all rows. A stop that cannot be stored waits
	 * for the next time and keeps nobody from hearing what the others stored.
	 */
	Mono<Void> refresh() {
		return save().onErrorComplete().then(read());
	}

	private Mono<Void> read() {
		Mono<Map<KeyId, Standing>> reading = Mono.defer(() -> {
			long version = this.standings.version();
			return this.store.all().timeout(PATIENCE).filter((rows) -> this.standings.replace(version, rows));
		});
		return reading.repeatWhenEmpty((times) -> times.take(MOST_READINGS)).then();
	}

	private Mono<Void> stop(KeyId key, String reason, Optional<KeyFailure> failure) {
		return Mono.defer(() -> {
			Stop stop = new Stop(key, new Standing.Stopped(reason, this.clock.instant().plus(REST)), failure);
			log.error("{} stopped until {}: {}", key.equals(KeyId.EVERY) ? "every account" : "account " + key.account(),
					stop.standing().until(), reason);
			return put(stop);
		});
	}

	private Mono<Void> put(Stop stop) {
		this.standings.stopping(stop);
		this.unsaved.add(stop);
		return save();
	}

	private Mono<Void> save() {
		return Mono.defer(() -> {
			Stop stop = this.unsaved.poll();
			return (stop != null) ? save(stop).then(save()) : Mono.empty();
		});
	}

	private Mono<Void> save(Stop stop) {
		return this.store.save(stop).timeout(PATIENCE).doOnSuccess((stored) -> {
			this.standings.saved(stop);
			this.signals.raise(CHANGED);
		}).doOnError((failure) -> this.unsaved.add(stop)).doOnCancel(() -> this.unsaved.add(stop));
	}

	/**
	 * As the row has it, and whether the key may be shown: not before every refusal known
	 * here is stored, since they are counted in the rows.
	 */
	private Mono<Standing> stored(Account account) {
		return save().then(read()).then(Mono.defer(() -> {
			Standing known = orUnverified(account);
			return (known instanceof Standing.Unverified) ? barred(account).defaultIfEmpty(known) : Mono.just(known);
		}));
	}

	private Mono<Standing> barred(Account account) {
		KeyId key = KeyId.of(account);
		return this.store.failuresSince(this.clock.instant().minus(REST))
			.collectList()
			.timeout(PATIENCE)
			.flatMap((failures) -> Mono.justOrEmpty(KeyFailure.bars(failures, key, REST)))
			.flatMap((until) -> {
				log.error("account {} waits until {}: too many keys were refused", account.id(), until);
				Stop stop = new Stop(key, new Standing.Stopped("too many keys were refused", until), Optional.empty());
				return put(stop).thenReturn(stop.standing());
			});
	}

	private KeyFailure failure(Account account) {
		return new KeyFailure(this.clock.instant(), KeyId.of(account));
	}

	private Optional<Standing> known(Account account) {
		return this.standings.of(account, this.clock.instant());
	}

	private Standing orUnverified(Account account) {
		return known(account).orElseGet(Standing.Unverified::new);
	}

	/** One that cannot be given back runs out. */
	private Mono<Void> release(Lease lease) {
		return this.leases.release(lease).timeout(PATIENCE).onErrorComplete();
	}

}
