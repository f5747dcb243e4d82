package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.cache.Aged;
import dz.flexy.gateway.cache.Cache;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * What the upstream sells, kept locally. A copy that was read before it was doubted is
 * not believed any more; it is only shown if a new one can't be had.
 *
 * @param <K> whose, and which
 * @param <V> a copy
 */
class Copies<K, V> {

	/** Up to this age a copy may refuse an order. */
	static final Duration RECENT = Duration.ofSeconds(30);

	/** Up to this age it is shown while the upstream fails. */
	static final Duration STALE = Duration.ofHours(1);

	private static final long KEPT = 1000;

	private final com.github.benmanes.caffeine.cache.Cache<K, Instant> believedSince = Caffeine.newBuilder()
		.maximumSize(KEPT)
		.build();

	private final Cache<K, V> copies;

	private final Clock clock;

	private final Duration fresh;

	/**
	 * @param fresh up to this age nothing is read to show it
	 * @param read reads one from the upstream
	 */
	Copies(Clock clock, Duration fresh, Function<K, Mono<V>> read) {
		this.clock = clock;
		this.fresh = fresh;
		this.copies = new Cache<>(clock, KEPT, read);
	}

	/** Up to this age a copy is shown at once, while a new one is being read. */
	Duration shownFor(V copy) {
		return STALE;
	}

	/**
	 * The copy for people: at once if it is remembered, refreshed behind their backs.
	 * @return exactly one at most an hour old, or the reading's failure
	 */
	final Mono<V> shown(K key) {
		return Mono.defer(() -> {
			Optional<Aged<V>> known = this.copies.peek(key);
			Instant believed = believedSince(key);
			return known.filter((copy) -> copy.readAt().isBefore(believed)).isPresent()
					? this.copies.since(key, believed).onErrorResume((failure) -> stale(key, failure))
					: this.copies.staleWhileRefreshing(key, this.fresh, known.map(this::shownFor).orElse(STALE));
		}).map(Aged::value);
	}

	/**
	 * A copy that may refuse an order, read if need be.
	 * @return exactly one, or the reading's failure
	 */
	final Mono<V> recent(K key) {
		return Mono.defer(() -> this.copies.since(key, earliest(key, RECENT))).map(Aged::value);
	}

	/** A copy that may refuse an order, if there is one already. */
	final Optional<V> recentlyKnown(K key) {
		return known(key, RECENT).map(Aged::value);
	}

	/** The copy, if it is no older than this and not doubted. */
	final Optional<Aged<V>> known(K key, Duration age) {
		Instant earliest = earliest(key, age);
		return this.copies.peek(key).filter((copy) -> !copy.readAt().isBefore(earliest));
	}

	/** The copy that is at hand without reading, if it is fresh. */
	final Optional<V> freshlyKnown(K key) {
		return known(key, this.fresh).map(Aged::value);
	}

	/**
	 * The copy that an order is judged by: the shown one, but if that would refuse, one
	 * that may. Waits 2 s in all, and whatever is being read then is still remembered.
	 * @param refuses whether a copy says no
	 * @return exactly one, or a failure if none is known in time
	 */
	final Mono<Seen<V>> judged(K key, Predicate<V> refuses) {
		return Mono.defer(() -> {
			Mono<Long> limit = Mono.delay(Catalog.PATIENCE).cache();
			return shown(key).timeout(limit).flatMap((copy) -> {
				Seen<V> shown = new Seen<>(copy, false);
				return refuses.test(copy)
						? recent(key).map((read) -> new Seen<>(read, true)).timeout(limit).onErrorReturn(shown)
						: Mono.just(shown);
			});
		});
	}

	/** From now on only a copy read later is believed. */
	final void doubt(K key) {
		this.believedSince.put(key, this.clock.instant());
	}

	final void meter(MeterRegistry meters, String name) {
		this.copies.meter(meters, name);
	}

	private Duration shownFor(Aged<V> copy) {
		return shownFor(copy.value());
	}

	private Instant believedSince(K key) {
		Instant since = this.believedSince.getIfPresent(key);
		return (since != null) ? since : Instant.MIN;
	}

	private Instant earliest(K key, Duration age) {
		Instant recent = this.clock.instant().minus(age);
		Instant believed = believedSince(key);
		return believed.isAfter(recent) ? believed : recent;
	}

	private Mono<Aged<V>> stale(K key, Throwable failure) {
		return Mono
			.justOrEmpty(this.copies.peek(key).filter((copy) -> copy.within(shownFor(copy), this.clock.instant())))
			.switchIfEmpty(Mono.error(failure));
	}

}
