package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.cache.Aged;
import dz.flexy.gateway.cache.Cache;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The balance of each account as the upstream last told it. Nothing is ever added or
 * subtracted here: whatever is not known for certain passes, and the upstream decides.
 */
@Component
public class Balance {

	private static final Duration REFUSING_AGE = Duration.ofSeconds(5);

	private static final Duration SHOWN_AGE = Duration.ofSeconds(15);

	/** While the upstream, or the budget's database, cannot be reached. */
	private static final Duration STALE_AGE = Duration.ofMinutes(5);

	/** A send waits no longer for a balance. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final long KEPT = 1000;

	private final Map<AccountId, Instant> movements = new ConcurrentHashMap<>();

	private final Cache<AccountId, BigDecimal> balances;

	private final Clock clock;

	Balance(BalanceSource source, Clock clock) {
		this.clock = clock;
		this.balances = new Cache<>(clock, KEPT, source::balance);
	}

	/**
	 * Whether the account can't pay. The upstream is only asked if the last balance, of
	 * whatever age, is below the cost; a failed read, or one over 2 s, lets it pass.
	 * @param account who pays
	 * @param cost in DZD
	 * @param notBefore the order's acceptance: an older balance may since have been
	 * topped up for this very order
	 * @return exactly one, never a failure: {@code INSUFFICIENT_BALANCE} if a balance
	 * read after {@code notBefore} and the last movement, at most 5 s ago, is below the
	 * cost; else empty
	 */
	public Mono<Optional<Problem>> refusal(Account account, BigDecimal cost, Instant notBefore) {
		return Mono.defer(() -> lacking(account.id(), cost) ? confirmed(account.id(), cost, notBefore)
				: Mono.just(Optional.<Problem>empty()));
	}

	/**
	 * Money moved: a send was accepted, or a refund seen. What was read before refuses no
	 * order any more.
	 * @param account whose money
	 */
	public void moved(AccountId account) {
		this.movements.put(account, this.clock.instant());
	}

	/**
	 * The balance for callers. A movement since then does not make it too old: callers
	 * ask before each send, and each would cost a call.
	 * @return exactly one in DZD, read at most 15 s ago; up to 5 min while it cannot be
	 * read; then the reading's failure
	 */
	Mono<BigDecimal> shown(AccountId account) {
		return Mono.defer(() -> this.balances.since(account, ago(SHOWN_AGE)))
			.onErrorResume((failure) -> lastKnown(account).switchIfEmpty(Mono.error(failure)))
			.map(Aged::value);
	}

	/** As last read, of any age. */
	Optional<Aged<BigDecimal>> known(AccountId account) {
		return this.balances.peek(account);
	}

	/** One no older than this, read if need be. */
	Mono<BigDecimal> read(AccountId account, Duration age) {
		return this.balances.within(account, age).map(Aged::value);
	}

	void meter(MeterRegistry meters) {
		this.balances.meter(meters, "balance");
	}

	private Mono<Aged<BigDecimal>> lastKnown(AccountId account) {
		return Mono.fromSupplier(() -> this.balances.peek(account))
			.flatMap(Mono::justOrEmpty)
			.filter((known) -> known.within(STALE_AGE, this.clock.instant()));
	}

	private boolean lacking(AccountId account, BigDecimal cost) {
		return this.balances.peek(account).filter((known) -> known.value().compareTo(cost) < 0).isPresent();
	}

	private Mono<Optional<Problem>> confirmed(AccountId account, BigDecimal cost, Instant notBefore) {
		Instant recent = ago(REFUSING_AGE);
		Instant earliest = latest(account, notBefore.isAfter(recent) ? notBefore : recent);
		return this.balances.since(account, earliest)
			.map((balance) -> insufficient(balance.value(), cost))
			.timeout(PATIENCE)
			.onErrorReturn(Optional.empty());
	}

	private Instant ago(Duration age) {
		return this.clock.instant().minus(age);
	}

	private Instant latest(AccountId account, Instant instant) {
		Instant moved = this.movements.getOrDefault(account, Instant.MIN);
		return moved.isAfter(instant) ? moved : instant;
	}

	private static Optional<Problem> insufficient(BigDecimal available, BigDecimal cost) {
		return (available.compareTo(cost) >= 0) ? Optional.empty()
				: Optional.of(Problem.of(ErrorCode.INSUFFICIENT_BALANCE, "the account's balance is below the price")
					.detail("required", cost)
					.detail("available", available)
					.money(false, true));
	}

}
