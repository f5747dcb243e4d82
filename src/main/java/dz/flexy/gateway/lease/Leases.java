package dz.flexy.gateway.lease;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Hands each job to one replica at a time. Time is the database's, so the replicas'
 * clocks do not matter.
 */
@Component
public class Leases {

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
	 * Gives a lease back before it runs out.
	 * @param lease as taken
	 * @return completes when another replica may have it
	 */
	public Mono<Void> release(Lease lease) {
		return this.store.release(lease);
	}

}
