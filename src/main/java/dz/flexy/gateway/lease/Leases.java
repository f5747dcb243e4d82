package dz.flexy.gateway.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Hands each job to one replica at a time. Time is the database's, so the replicas'
 * clocks do not matter. All leases of a replica are given back when it stops.
 */
@Component
public class Leases {

	/** Each contender tries this often, so a free job stands still no longer. */
	static final Duration BEAT = Duration.ofSeconds(1);

	/** An attempt that takes longer is given up. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	private final AtomicLong turns = new AtomicLong();

	private final LeaseStore store;

	private final Replica replica;

	Leases(LeaseStore store, Replica replica) {
		this.store = store;
		this.replica = replica;
	}

	/**
	 * Takes a lease, or prolongs the one this replica holds.
	 * @param name the job
	 * @param duration how long it lasts unless taken again; a dead holder blocks the job
	 * for that long
	 * @return empty while another replica holds it
	 */
	public Mono<Lease> take(String name, Duration duration) {
		return this.store.take(name, this.replica.id(), duration);
	}

	/**
	 * Takes a lease that nobody holds, not even this replica; it cannot be prolonged.
	 * @param name the job
	 * @param duration how long it lasts unless released
	 * @return empty while anybody holds it
	 */
	public Mono<Lease> takeAlone(String name, Duration duration) {
		return Mono
			.defer(() -> this.store.take(name, this.replica.id() + "-" + this.turns.incrementAndGet(), duration));
	}

	/**
	 * Tries each second to take the lease, and to keep it once taken: a dead holder is
	 * replaced within its duration and a second. Without the database a lease is given up
	 * before another replica could have it.
	 * @param name the job
	 * @param duration how long a dead holder blocks the job, 2 s at least
	 * @return the lease while this replica holds it and empty while it does not, at each
	 * change and at the first attempt; never completes, never fails. Cancelling stops
	 * prolonging it
	 */
	public Flux<Optional<Lease>> hold(String name, Duration duration) {
		Flux<Optional<Lease>> attempts = Flux.interval(Duration.ZERO, BEAT)
			.onBackpressureDrop()
			.concatMap((beat) -> attempt(name, duration), 0);
		return attempts.switchMap((held) -> held.isPresent() ? until(held, duration.minus(PATIENCE)) : Flux.just(held))
			.distinctUntilChanged();
	}

	/**
	 * Gives a lease back before it runs out.
	 * @param lease as taken
	 * @return completes when another replica may have it
	 */
	public Mono<Void> release(Lease lease) {
		return this.store.release(lease);
	}

	/** Says nothing if it cannot be known. */
	private Mono<Optional<Lease>> attempt(String name, Duration duration) {
		return take(name, duration).map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.timeout(PATIENCE)
			.onErrorComplete();
	}

	/** Each success that follows begins the time anew. */
	private static Flux<Optional<Lease>> until(Optional<Lease> held, Duration end) {
		return Flux.just(held).concatWith(Mono.delay(end).map((over) -> Optional.empty()));
	}

}
