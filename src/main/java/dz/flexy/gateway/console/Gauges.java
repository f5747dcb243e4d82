package dz.flexy.gateway.console;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.breaker.BreakerReport;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.budget.BudgetGauges;
import dz.flexy.gateway.orders.OrderRateStore;
import dz.flexy.gateway.orders.UnsettledStore;
import dz.flexy.gateway.polling.SweepReport;
import dz.flexy.gateway.polling.SweepStore;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.stream.OpenStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * The board's figures, read every two seconds while anybody looks: once for all who see
 * the same on this replica, however many they are.
 */
@Component
class Gauges {

	private static final Logger log = LoggerFactory.getLogger(Gauges.class);

	static final Duration BEAT = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** Counting ends there: beyond it only "more" is of interest. */
	private static final int MOST_UNSETTLED = 1000;

	private static final int SHOWN_UNSETTLED = 20;

	private final Accounts accounts;

	private final SendStops stops;

	private final BudgetGauges budgets;

	private final Breakers breakers;

	private final SweepStore sweeps;

	private final UnsettledStore unsettled;

	private final OrderRateStore rates;

	private final OpenStreams streams;

	private final JsonMapper json;

	private final Clock clock;

	/** As many at most as there are callers. */
	private final Map<Watcher, Flux<String>> shared = new ConcurrentHashMap<>();

	Gauges(Accounts accounts, SendStops stops, BudgetGauges budgets, Breakers breakers, SweepStore sweeps,
			UnsettledStore unsettled, OrderRateStore rates, OpenStreams streams, JsonMapper json, Clock clock) {
		this.accounts = accounts;
		this.stops = stops;
		this.budgets = budgets;
		this.breakers = breakers;
		this.sweeps = sweeps;
		this.unsettled = unsettled;
		this.rates = rates;
		this.streams = streams;
		this.json = json;
		this.clock = clock;
	}

	/**
	 * The figures as JSON, the latest at once. A slow reader misses those in between;
	 * while they cannot be read it is told so. Whoever joins just as the last of the
	 * others leaves may find the reading cancelled, and begins it anew.
	 * @return never completes, never fails
	 */
	Flux<String> of(Watcher watcher) {
		return this.shared.computeIfAbsent(watcher, this::reading)
			.onErrorResume(CancellationException.class, (left) -> of(watcher))
			.onBackpressureLatest();
	}

	private Flux<String> reading(Watcher watcher) {
		return Flux.defer(() -> {
			Minutes minutes = new Minutes();
			return Flux.interval(Duration.ZERO, BEAT)
				.onBackpressureDrop()
				.concatMap((beat) -> read(watcher, minutes).timeout(PATIENCE).onErrorResume(this::unavailable), 0)
				.map(this.json::writeValueAsString);
		}).replay(1).refCount();
	}

	private Mono<Map<String, Object>> unavailable(Throwable failure) {
		log.warn("the board's figures cannot be read: {}", failure.toString());
		return Mono.fromSupplier(() -> {
			Map<String, Object> view = view();
			view.put("unavailable", true);
			return view;
		});
	}

	private Map<String, Object> view() {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("at", Envelope.timestamp(this.clock.instant()));
		return view;
	}

	private Mono<Map<String, Object>> read(Watcher watcher, Minutes minutes) {
		Map<String, Object> view = view();
		view.put("all", watcher.seesAll());
		view.put("streams", this.streams.count());
		return accounts(watcher).doOnNext((accounts) -> view.put("accounts", accounts))
			.then(Mono.defer(() -> unsettled(watcher)))
			.doOnNext((unsettled) -> view.put("unsettled", unsettled))
			.then(Mono.defer(() -> minutes(watcher, minutes)))
			.doOnNext((perMinute) -> view.put("perMinute", perMinute))
			.thenReturn(view);
	}

	private Mono<List<Map<String, Object>>> accounts(Watcher watcher) {
		List<BreakerReport> reports = this.breakers.reports();
		return this.sweeps.last()
			.collectList()
			.flatMap((swept) -> Flux.fromIterable(this.accounts.all())
				.filter((account) -> watcher.sees(account.id()))
				.sort((one, other) -> one.id().value().compareTo(other.id().value()))
				.concatMap((account) -> account(account, reports, swept))
				.collectList());
	}

	private Mono<Map<String, Object>> account(Account account, List<BreakerReport> breakers, List<SweepReport> swept) {
		return Mono
			.zip(this.budgets.read(account), this.accounts.standing(account),
					this.stops.of(account.id()).map(Optional::of).defaultIfEmpty(Optional.empty()))
			.map((read) -> GaugesView.account(read.getT1(), read.getT2(), read.getT3(),
					breakers.stream().filter((breaker) -> breaker.account().equals(account.id().value())).toList(),
					swept.stream().filter((sweep) -> sweep.account().equals(account.id())).toList()));
	}

	private Mono<Map<String, Object>> unsettled(Watcher watcher) {
		UnsettledStore.Filter filter = UnsettledStore.Filter.all(watcher.caller());
		return Mono
			.zip(this.unsettled.count(filter, MOST_UNSETTLED),
					this.unsettled.page(filter, Optional.empty(), SHOWN_UNSETTLED))
			.map((read) -> GaugesView.unsettled(read.getT1(), MOST_UNSETTLED, read.getT2().orders(),
					watcher.seesAll()));
	}

	/** At the turn of an hour's first minute it may take a second look to have all. */
	private Mono<Map<String, Object>> minutes(Watcher watcher, Minutes minutes) {
		return Mono.defer(() -> this.rates.accepted(watcher.caller(), minutes.unknown()).collectList())
			.filter(minutes::learn)
			.repeatWhenEmpty(1, (looks) -> looks)
			.map((counted) -> GaugesView.minutes(minutes));
	}

}
