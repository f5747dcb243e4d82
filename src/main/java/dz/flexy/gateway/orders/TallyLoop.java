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
 * Has settled hours counted, so that lists need not. Every replica tries; one at a time
 * succeeds. While none does lists stay right and become slower.
 */
@Component
class TallyLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(TallyLoop.class);

	private static final Duration PAUSE = Duration.ofMinutes(10);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final TallyStore store;

	private @Nullable Disposable running;

	TallyLoop(TallyStore store) {
		this.store = store;
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

	@Override
	public synchronized void start() {
		this.running = Flux.interval(Duration.ZERO, PAUSE)
			.onBackpressureDrop()
			.concatMap((tick) -> catchUp().onErrorResume((failure) -> {
				log.warn("orders of past hours not counted: {}", failure.toString());
				return Mono.empty();
			}), 0)
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
