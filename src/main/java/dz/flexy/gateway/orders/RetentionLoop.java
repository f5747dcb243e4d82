package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Erases what is past its retention, at the start and every ten minutes, in batches that
 * replicas share. Says so, then, if cards are encrypted with a key that is not
 * configured.
 */
@Component
class RetentionLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(RetentionLoop.class);

	private static final Duration PAUSE = Duration.ofMinutes(10);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** Short enough that nobody waits for the rows. */
	private static final int BATCH = 200;

	private static final int BATCHES = 1000;

	private final RetentionStore store;

	private final CardVault vault;

	private final Duration retention;

	private final Counter erased;

	private final AtomicInteger unknownKeys = new AtomicInteger();

	private @Nullable Disposable running;

	RetentionLoop(RetentionStore store, CardVault vault, OrdersProperties properties, MeterRegistry meters) {
		this.store = store;
		this.vault = vault;
		this.retention = properties.retention();
		this.erased = OrderMeter.ERASED.counter(meters);
		OrderMeter.CARD_KEYS_MISSING.gauge(meters, this.unknownKeys, AtomicInteger::get);
	}

	/** Until none is left; emits how many. */
	Mono<Long> eraseOld() {
		return this.store.erase(this.retention, BATCH)
			.timeout(PATIENCE)
			.doOnNext(this.erased::increment)
			.repeat(BATCHES)
			.takeUntil((count) -> count < BATCH)
			.reduce(0L, Long::sum)
			.doOnNext((count) -> {
				if (count > 0) {
					log.info("{} orders older than {} erased", count, this.retention);
				}
			});
	}

	/** Emits the keys that cards need and nobody configured. */
	Mono<List<String>> missingKeys() {
		return this.store.cardKeys()
			.filter((key) -> !this.vault.knows(key))
			.collectList()
			.timeout(PATIENCE)
			.doOnNext((missing) -> {
				this.unknownKeys.set(missing.size());
				if (!missing.isEmpty()) {
					log.error("card keys {} are not configured: the cards encrypted with them cannot be read; "
							+ "give them as gateway.orders.old-card-keys", missing);
				}
			});
	}

	@Override
	public synchronized void start() {
		if (this.running == null) {
			this.running = Flux.interval(Duration.ZERO, PAUSE)
				.onBackpressureDrop()
				.concatMap((tick) -> quietly(missingKeys()).then(quietly(eraseOld())), 0)
				.subscribe();
		}
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

	private static <T> Mono<T> quietly(Mono<T> work) {
		return work.onErrorResume((failure) -> {
			log.warn("old orders cannot be erased now: {}", failure.toString());
			return Mono.empty();
		});
	}

}
