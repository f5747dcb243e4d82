package dz.flexy.gateway.passthrough;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

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
 * Gives payments up whose process died before it stored their outcome: at the start, and
 * twice a minute. Erases then what is past its retention. Every replica may do it at
 * once.
 */
@Component
class OverdueLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(OverdueLoop.class);

	private static final Duration BEAT = Duration.ofSeconds(30);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** Past their retention, each time. */
	private static final int ERASED = 200;

	private static final int COUNTED = 1000;

	private final PaymentStore store;

	private final Duration retention;

	private final AtomicLong unknown = new AtomicLong();

	private @Nullable Disposable running;

	OverdueLoop(PaymentStore store, RetentionProperties properties, MeterRegistry meters) {
		this.store = store;
		this.retention = properties.retention();
		PaymentMeter.UNKNOWN.gauge(meters, this.unknown, AtomicLong::get);
	}

	@Override
	public synchronized void start() {
		if (this.running == null) {
			this.running = Flux.interval(Duration.ZERO, BEAT)
				.onBackpressureDrop()
				.concatMap((beat) -> giveUp().then(erase()).then(count()), 0)
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

	private Mono<Long> count() {
		return this.store.countUnknown(COUNTED)
			.timeout(PATIENCE)
			.doOnNext(this.unknown::set)
			.onErrorResume((failure) -> Mono.empty());
	}

	private Mono<Long> erase() {
		return this.store.erase(this.retention, ERASED).timeout(PATIENCE).onErrorResume((failure) -> {
			log.warn("old payments cannot be erased now: {}", failure.toString());
			return Mono.empty();
		});
	}

	private Mono<Long> giveUp() {
		return this.store.giveUpOverdue().timeout(PATIENCE).doOnNext((count) -> {
			if (count > 0) {
				log.error("{} payments were left without an outcome: see passthrough_payment", count);
			}
		}).onErrorResume((failure) -> {
			log.warn("overdue payments cannot be read: {}", failure.toString());
			return Mono.empty();
		});
	}

}
