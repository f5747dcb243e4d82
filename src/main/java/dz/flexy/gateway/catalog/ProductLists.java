package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.cache.Aged;
import dz.flexy.gateway.cache.Cache;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The product lists, kept locally. A list that was read before the upstream refused a
 * send for stock is not believed any more; it is only shown if a new one can't be had.
 */
@Component
class ProductLists {

	/** Up to this age a list may refuse an order. */
	static final Duration RECENT = Duration.ofSeconds(30);

	/** Contract section 11, row 9. */
	static final Duration FRESH = Duration.ofMinutes(5);

	static final Duration STALE = Duration.ofHours(1);

	private static final long KEPT = 1000;

	private final Map<ListKey, Instant> believedSince = new ConcurrentHashMap<>();

	private final Cache<ListKey, ProductList> lists;

	private final Clock clock;

	ProductLists(Source source, Clock clock) {
		this.clock = clock;
		this.lists = new Cache<>(clock, KEPT, (key) -> source.products(key.account(), key.type())
			.map((products) -> new ProductList(products, key.type())));
	}

	/**
	 * The list for people: at once if it is remembered, refreshed behind their backs.
	 * @return exactly one list at most an hour old, or the reading's failure
	 */
	Mono<ProductList> shown(ListKey key) {
		Mono<Aged<ProductList>> list = doubted(key)
				? this.lists.since(key, believedSince(key)).onErrorResume((failure) -> stale(key, failure))
				: this.lists.staleWhileRefreshing(key, FRESH, STALE);
		return list.map(Aged::value);
	}

	/**
	 * A list that may refuse an order, read if need be.
	 * @return exactly one list, or the reading's failure
	 */
	Mono<ProductList> recent(ListKey key) {
		return Mono.defer(() -> this.lists.since(key, earliest(key))).map(Aged::value);
	}

	/** A list that may refuse an order, if there is one already. */
	Optional<ProductList> recentlyKnown(ListKey key) {
		Instant earliest = earliest(key);
		return this.lists.peek(key).filter((list) -> !list.readAt().isBefore(earliest)).map(Aged::value);
	}

	/** From now on only a list read later is believed. */
	void doubt(ListKey key) {
		this.believedSince.put(key, this.clock.instant());
	}

	private boolean doubted(ListKey key) {
		return this.lists.peek(key).filter((list) -> list.readAt().isBefore(believedSince(key))).isPresent();
	}

	private Instant believedSince(ListKey key) {
		return this.believedSince.getOrDefault(key, Instant.MIN);
	}

	private Instant earliest(ListKey key) {
		Instant recent = this.clock.instant().minus(RECENT);
		Instant believed = believedSince(key);
		return believed.isAfter(recent) ? believed : recent;
	}

	private Mono<Aged<ProductList>> stale(ListKey key, Throwable failure) {
		return Mono.justOrEmpty(this.lists.peek(key).filter((list) -> list.within(STALE, this.clock.instant())))
			.switchIfEmpty(Mono.error(failure));
	}

}
