package dz.flexy.gateway.orders;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Has settled hours counted, so that lists need not, and open orders, for whoever reads
 * the figures. Every replica tries; of the hours one at a time succeeds. While none does
 * lists stay right and become slower.
 */
@Component
class TallyLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(TallyLoop.class);

	private static final Duration PAUSE = Duration.ofMinutes(10);

	/** A connection may die without a word; the next beat is not to wait for it. */
	private static final Duration PULSE = Duration.ofSeconds(5);

	/** How old the figures of open orders become. */
	private static final Duration BEAT = Duration.ofSeconds(10);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final TallyStore store;

	private final OpenOrders open;

	private final CommitsHealthIndicator commits;

	private @Nullable Disposable running;

	TallyLoop(TallyStore store, OpenOrders open, CommitsHealthIndicator commits) {
		this.store = store;
		this.open = open;
		this.commits = commits;
	}

	/** Until no settled hour is left, or another replica goes on. */
	Mono<Void> catchUp() {
		return this.store.settled()
			.zipWhen((settled) -> this.store.end())
			.timeout(PATIENCE)
			.flatMapMany((found) -> countFrom(found.getT2(), found.getT1()))
			.then();
	}

	private Flux<Instant> countFrom(Instant end, Instant settled) {
		return this.store.count(end, settled)
			.timeout(PATIENCE)
			.expand((moved) -> this.store.count(moved, settled).timeout(PATIENCE));
	}

	private static Flux<Void> every(Duration pause, Mono<Void> work, String what) {
		return Flux.interval(Duration.ZERO, pause)
			.onBackpressureDrop()
			.concatMap((tick) -> work.onErrorResume((failure) -> {
				log.warn("{} not counted: {}", what, failure.toString());
				return Mono.empty();
			}), 0);
	}

	@Override
	public synchronized void start() {
		this.running = Flux
			.merge(every(PAUSE, catchUp(), "orders of past hours"),
					every(BEAT, Mono.whenDelayError(this.commits.refresh(), this.open.refresh()).timeout(PULSE),
							"open orders"))
			.subscribe();
	}

	@Override
	public synchronized void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running != null;
	}

}
