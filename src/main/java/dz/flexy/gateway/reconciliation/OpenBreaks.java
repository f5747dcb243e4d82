package dz.flexy.gateway.reconciliation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * How many breaks are open, as {@code gateway.reconciliation.open}: the same on every
 * replica, as last read.
 */
@Component
class OpenBreaks {

	private final BreakStore store;

	private final Map<String, AtomicLong> open = new ConcurrentHashMap<>();

	OpenBreaks(BreakStore store, Accounts accounts, MeterRegistry meters) {
		this.store = store;
		for (Account account : accounts.all()) {
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
			.then();
	}

	private static String key(String account, BreakClass kind) {
		return account + " " + kind;
	}

}
