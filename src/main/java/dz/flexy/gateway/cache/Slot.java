package dz.flexy.gateway.cache;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The value of one key and the reading in flight; guarded by itself. */
final class Slot<V> {

	private final Clock clock;

	private final Mono<V> read;

	private final Uses uses;

	private @Nullable Aged<V> value;

	private @Nullable Reading<V> reading;

	Slot(Clock clock, Mono<V> read, Uses uses) {
		this.clock = clock;
		this.read = read;
		this.uses = uses;
	}

	synchronized Optional<Aged<V>> peek() {
		return Optional.ofNullable(this.value);
	}

	synchronized Mono<Aged<V>> since(Instant notBefore) {
		if (this.value != null && !this.value.readAt().isBefore(notBefore)) {
			this.uses.hit().increment();
			return Mono.just(this.value);
		}
		if (this.reading != null && this.reading.startedAt().isBefore(notBefore)) {
			return this.reading.result().onErrorComplete().then(Mono.defer(() -> since(notBefore)));
		}
		((this.reading != null) ? this.uses.shared() : this.uses.read()).increment();
		return reading().result();
	}

	/**
	 * Starts a reading that nobody waits for; its failure leaves the old value in place.
	 */
	void refresh() {
		var unused = reading().result().onErrorComplete().toFuture();
	}

	private synchronized Reading<V> reading() {
		if (this.reading == null) {
			Instant start = this.clock.instant();
			this.reading = new Reading<>(start,
					this.read.map((read) -> new Aged<>(read, start))
						.doOnSuccess(this::finished)
						.doOnError((failure) -> finished(null))
						.cache());
		}
		return this.reading;
	}

	/** Runs before any asker is told, so that one who asks again gets a new reading. */
	private synchronized void finished(@Nullable Aged<V> read) {
		this.value = (read != null) ? read : this.value;
		this.reading = null;
	}

	private record Reading<V>(Instant startedAt, Mono<Aged<V>> result) {
	}

}
