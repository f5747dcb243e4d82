package dz.flexy.gateway.reconciliation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * How many breaks are open, as {@code gateway.reconciliation.open}, and how many seconds
 * ago ended what was last compared in full, as {@code gateway.reconciliation.age}, not a
 * number if nothing was: the same on every replica, as last read.
 */
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
			Gauge.builder("gateway.reconciliation.age", age, AtomicReference::get)
				.baseUnit("seconds")
				.tag("account", account.id().value())
				.register(meters);
			for (BreakClass kind : BreakClass.values()) {
				AtomicLong count = new AtomicLong();
				this.open.put(key(account.id().value(), kind), count);
				Gauge.builder("gateway.reconciliation.open", count, AtomicLong::get)
					.tag("class", kind.name())
					.tag("account", account.id().value())
					.register(meters);
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
