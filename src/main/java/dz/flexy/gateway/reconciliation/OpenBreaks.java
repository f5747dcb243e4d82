package dz.flexy.gateway.reconciliation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** How many breaks are open: the same on every replica, as last read. */
@Component
class OpenBreaks {

	private final BreakStore store;

	private final RunStore runs;

	private final Map<String, AtomicReference<Double>> ages = new ConcurrentHashMap<>();

	private final Map<String, AtomicLong> open = new ConcurrentHashMap<>();

	OpenBreaks(BreakStore store, RunStore runs, Accounts accounts, MeterRegistry meters) {
		this.store = store;
		this.runs = runs;
		for (Account account : accounts.all()) {
			AtomicReference<Double> age = new AtomicReference<>(Double.NaN);
			this.ages.put(account.id().value(), age);
			ReconciliationMeter.AGE.gauge(meters, age, AtomicReference::get, "account", account.id().value());
			for (String complete : List.of("true", "false")) {
				ReconciliationMeter.RUNS.counter(meters, "account", account.id().value(), "complete", complete);
			}
			for (BreakClass kind : BreakClass.values()) {
				AtomicLong count = new AtomicLong();
				this.open.put(key(account.id().value(), kind), count);
				ReconciliationMeter.OPEN.gauge(meters, count, AtomicLong::get, "account", account.id().value(), "class",
						kind.name());
				ReconciliationMeter.FOUND.counter(meters, "account", account.id().value(), "class", kind.name());
			}
		}
	}

	Mono<Void> refresh() {
		return this.store.counts()
			.collectMap((count) -> key(count.account(), count.kind()), BreakStore.Count::open)
			.doOnNext((counts) -> this.open.forEach((key, value) -> value.set(counts.getOrDefault(key, 0L))))
			.then(this.runs.ages())
			.doOnNext((known) -> this.ages.forEach((name, age) -> age.set(known.getOrDefault(name, Double.NaN))))
			.then();
	}

	private static String key(String account, BreakClass kind) {
		return account + " " + kind;
	}

}
