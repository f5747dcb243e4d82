package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.cache.Aged;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Watches the balances for whoever has to fill them up. Each is read by this replica at
 * least every six minutes, which is a call only if nobody else has asked for it.
 */
@Component
class BalanceLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(BalanceLoop.class);

	/** Three replicas make 0.6 calls a minute of it. */
	private static final Duration OLDEST = Duration.ofMinutes(5);

	private static final Duration BEAT = Duration.ofSeconds(15);

	private static final Duration PATIENCE = Duration.ofSeconds(45);

	private final Balance balance;

	private final Clock clock;

	private final Map<AccountId, Runway> runways;

	private Instant begun = Instant.MAX;

	private @Nullable Disposable running;

	@Autowired
	BalanceLoop(Balance balance, Accounts accounts, Clock clock, MeterRegistry meters) {
		this(balance, accounts.all().stream().map(Account::id).toList(), clock, meters);
	}

	BalanceLoop(Balance balance, Collection<AccountId> accounts, Clock clock, MeterRegistry meters) {
		this.balance = balance;
		this.clock = clock;
		this.runways = accounts.stream()
			.collect(Collectors.toUnmodifiableMap(Function.identity(), (account) -> new Runway()));
		balance.meter(meters);
		this.runways.forEach((account, runway) -> {
			String name = account.value();
			BalanceMeter.BALANCE.gauge(meters, this, (loop) -> loop.known(account, loop::amount), "account", name);
			BalanceMeter.AGE.gauge(meters, this, (loop) -> loop.known(account, loop::age), "account", name);
			BalanceMeter.LASTS.gauge(meters, runway, Runway::seconds, "account", name);
		});
	}

	/** Notes what was read since, and reads what has become too old. */
	Mono<Void> look() {
		return Flux.fromIterable(this.runways.keySet())
			.concatMap((account) -> isOld(account)
					? this.balance.read(account, OLDEST).timeout(PATIENCE).onErrorComplete().thenReturn(account)
					: Mono.just(account))
			.doOnNext(this::note)
			.then();
	}

	/** The first time nobody may need it yet: a start costs no call. */
	private boolean isOld(AccountId account) {
		Instant since = this.balance.known(account).map(Aged::readAt).orElse(this.begun);
		return since.isBefore(this.clock.instant().minus(OLDEST));
	}

	private void note(AccountId account) {
		Runway runway = Objects.requireNonNull(this.runways.get(account));
		this.balance.known(account).ifPresent((known) -> runway.read(known.readAt(), known.value()));
	}

	private double known(AccountId account, Function<Aged<BigDecimal>, Double> figure) {
		return this.balance.known(account).map(figure).orElse(Double.NaN);
	}

	private double amount(Aged<BigDecimal> known) {
		return known.value().doubleValue();
	}

	private double age(Aged<BigDecimal> known) {
		return Duration.between(known.readAt(), this.clock.instant()).toMillis() / 1000.0;
	}

	void begin() {
		this.begun = this.clock.instant();
	}

	@Override
	public synchronized void start() {
		if (this.running == null) {
			begin();
			this.running = Flux.interval(BEAT)
				.onBackpressureDrop()
				.concatMap((beat) -> look()
					.doOnError((failure) -> log.warn("balances not looked at: {}", failure.toString()))
					.onErrorComplete(), 0)
				.subscribe();
		}
	}

	@Override
	public synchronized void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running != null;
	}

}
