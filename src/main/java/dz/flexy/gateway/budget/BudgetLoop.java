package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.lease.JobLoop;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Keeps each account's gate in exchange with the row that all replicas share; at the stop
 * it gives back what is unused.
 */
@Component
class BudgetLoop extends JobLoop {

	/** A gate asks by itself when it has to; this is for a request that got lost. */
	private static final Duration BEAT = Duration.ofSeconds(1);

	/** How old the figures of the shared row become. */
	private static final Duration LOOK = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Budget budget;

	private final BudgetGauges gauges;

	private final Accounts accounts;

	private final Map<AccountId, AtomicReference<Optional<BudgetGauge>>> seen;

	BudgetLoop(Budget budget, BudgetGauges gauges, Accounts accounts, MeterRegistry meters) {
		super("budget", meters);
		this.budget = budget;
		this.gauges = gauges;
		this.accounts = accounts;
		this.seen = accounts.all()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Account::id, (account) -> new AtomicReference<>(Optional.empty())));
		this.seen.forEach((account, last) -> meter(account.value(), last, meters));
	}

	private static void meter(String account, AtomicReference<Optional<BudgetGauge>> last, MeterRegistry meters) {
		BudgetMeter.LIMIT.gauge(meters, last, (seen) -> figure(seen, BudgetGauge::limit), "account", account);
		BudgetMeter.LEFT.gauge(meters, last, (seen) -> figure(seen, BudgetGauge::left), "account", account);
		BudgetMeter.BLOCKED.gauge(meters, last,
				(seen) -> figure(seen, (gauge) -> gauge.blockedUntil().isPresent() ? 1 : 0), "account", account);
	}

	private static double figure(AtomicReference<Optional<BudgetGauge>> last, ToDoubleFunction<BudgetGauge> figure) {
		return last.get().map(figure::applyAsDouble).orElse(Double.NaN);
	}

	@Override
	protected Flux<?> job() {
		Flux<Void> exchanges = Flux.fromIterable(this.budget.gates())
			.flatMap((gate) -> Flux.merge(gate.looks(), Flux.interval(Duration.ZERO, BEAT))
				.onBackpressureLatest()
				.concatMap((look) -> gate.exchange(), 0), Integer.MAX_VALUE);
		return Flux.merge(exchanges,
				Flux.interval(Duration.ZERO, LOOK).onBackpressureDrop().concatMap((beat) -> look(), 0));
	}

	/** What cannot be read is not known any more: nothing of it may be sent either. */
	private Mono<Void> look() {
		return Flux.fromIterable(this.accounts.all())
			.concatMap((account) -> this.gauges.read(account)
				.timeout(PATIENCE)
				.map(Optional::of)
				.onErrorReturn(Optional.empty())
				.doOnNext((read) -> Objects.requireNonNull(this.seen.get(account.id())).set(read)))
			.then();
	}

	/** Behind the jobs that call the upstream. */
	@Override
	public int getPhase() {
		return super.getPhase() - 512;
	}

	@Override
	public void stop(Runnable whenStopped) {
		stop();
		Flux.fromIterable(this.budget.gates())
			.doOnNext(Gate::close)
			.flatMap(Gate::exchange)
			.doFinally((end) -> whenStopped.run())
			.subscribe();
	}

}
