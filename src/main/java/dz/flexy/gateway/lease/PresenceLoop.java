package dz.flexy.gateway.lease;

import java.time.Duration;

import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Shows that this replica lives and counts the others; at the stop it leaves and gives
 * all leases back, so that nobody waits for them to run out.
 */
@Component
class PresenceLoop extends JobLoop {

	/** Raised by whoever counts another number than before. */
	static final String TOPIC = "lease.replicas";

	/** With {@link #BEAT}, a dead replica is left out after 13 s. */
	static final Duration LIFE = Duration.ofSeconds(10);

	static final Duration BEAT = Duration.ofSeconds(3);

	private static final Logger log = LoggerFactory.getLogger(PresenceLoop.class);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final ReplicaStore store;

	private final LeaseStore leases;

	private final Replica replica;

	private final Replicas replicas;

	private final Signals signals;

	PresenceLoop(ReplicaStore store, LeaseStore leases, Replica replica, Replicas replicas, Signals signals,
			MeterRegistry meters) {
		super("presence", meters);
		this.store = store;
		this.leases = leases;
		this.replica = replica;
		this.replicas = replicas;
		this.signals = signals;
		LeaseMeter.REPLICAS.gauge(meters, replicas, Replicas::live);
	}

	@Override
	protected Flux<?> job() {
		return Flux.merge(this.signals.on(TOPIC), Flux.interval(Duration.ZERO, BEAT).onBackpressureDrop())
			.onBackpressureLatest()
			.concatMap((wakeUp) -> renew(), 0);
	}

	/** Behind the jobs, so that none takes its lease again. */
	@Override
	public int getPhase() {
		return super.getPhase() - 1024;
	}

	@Override
	public void stop(Runnable whenStopped) {
		stop();
		Mono.when(this.leases.releaseAll(this.replica.id()), this.store.remove(this.replica.id()))
			.doOnSuccess((left) -> this.signals.raise(TOPIC))
			.timeout(PATIENCE)
			.doFinally((end) -> whenStopped.run())
			.subscribe((left) -> {
			}, (failure) -> log.warn("leases run out by themselves: {}", failure.toString()));
	}

	private Mono<Integer> renew() {
		return this.store.renew(this.replica.id(), LIFE).timeout(PATIENCE).doOnNext((live) -> {
			if (this.replicas.counted(live)) {
				log.info("{} replicas live", live);
				this.signals.raise(TOPIC);
			}
		}).onErrorResume((failure) -> {
			log.warn("replicas cannot be counted: {}", failure.toString());
			return Mono.empty();
		});
	}

}
