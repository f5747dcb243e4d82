package dz.flexy.gateway.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

/**
 * Remembers one value per key. However many ask at once, one reading serves them all; an
 * asker who cancels leaves it to the others.
 *
 * @param <K> key
 * @param <V> value
 */
public final class Cache<K, V> {

	private final com.github.benmanes.caffeine.cache.Cache<K, Slot<V>> slots;

	private final Function<K, Mono<V>> read;

	private final Clock clock;

	private final Uses uses = new Uses();

	/**
	 * An empty cache.
	 * @param clock tells the age of values
	 * @param maximumSize keys kept at most; the least used go first
	 * @param read reads the value of a key; it must emit exactly one value or fail
	 */
	public Cache(Clock clock, long maximumSize, Function<K, Mono<V>> read) {
		this.clock = clock;
		this.slots = Caffeine.newBuilder().maximumSize(maximumSize).build();
		this.read = read;
	}

	/**
	 * A value whose reading began no earlier than an instant: the remembered one, the one
	 * being read, or a new one.
	 * @param key whose value
	 * @param notBefore the earliest start of its reading
	 * @return exactly one value, or the reading's failure
	 */
	public Mono<Aged<V>> since(K key, Instant notBefore) {
		return Mono.defer(() -> slot(key).since(notBefore));
	}

	/**
	 * A value no older than this.
	 * @param key whose value
	 * @param age the greatest age
	 * @return exactly one value, or the reading's failure
	 */
	public Mono<Aged<V>> within(K key, Duration age) {
		return Mono.defer(() -> slot(key).since(this.clock.instant().minus(age)));
	}

	/**
	 * A fresh value if there is one; else the stale one at once, while a new one is being
	 * read; else a new one.
	 * @param key whose value
	 * @param fresh up to this age no reading starts
	 * @param stale up to this age a value may still be given
	 * @return exactly one value, or the reading's failure where nothing usable is left
	 */
	public Mono<Aged<V>> staleWhileRefreshing(K key, Duration fresh, Duration stale) {
		return Mono.defer(() -> {
			Slot<V> slot = slot(key);
			Instant now = this.clock.instant();
			Optional<Aged<V>> known = slot.peek().filter((value) -> value.within(stale, now));
			if (known.isEmpty()) {
				return slot.since(now.minus(fresh));
			}
			if (!known.get().within(fresh, now)) {
				slot.refresh();
				this.uses.stale().increment();
			}
			else {
				this.uses.hit().increment();
			}
			return Mono.just(known.get());
		});
	}

	/**
	 * What is remembered, of any age.
	 * @param key whose value
	 * @return empty if nothing was read yet
	 */
	public Optional<Aged<V>> peek(K key) {
		return Optional.ofNullable(this.slots.getIfPresent(key)).flatMap(Slot::peek);
	}

	/**
	 * Forgets a value that is known to be wrong.
	 * @param key whose value
	 */
	public void forget(K key) {
		this.slots.invalidate(key);
	}

	/**
	 * Shows how often what was asked for was at hand: {@code gateway.cache.requests}.
	 * @param meters where
	 * @param name of this cache, one of few
	 */
	public void meter(MeterRegistry meters, String name) {
		this.uses.bindTo(meters, name);
	}

	private Slot<V> slot(K key) {
		return this.slots.get(key, (k) -> new Slot<>(this.clock, this.read.apply(k), this.uses));
	}

}
