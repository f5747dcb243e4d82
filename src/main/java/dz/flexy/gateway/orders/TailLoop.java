package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Objects;

import dz.flexy.gateway.orders.OrderEvent.Place;
import dz.flexy.gateway.signal.Signals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Reads the end of the event log and hands each event to {@link LiveEvents}: woken by
 * signals, and by itself now and then. Its place outlives a loss of the database, so
 * nothing is skipped.
 */
@Component
class TailLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(TailLoop.class);

	private static final int BATCH = 1000;

	/** A connection may die without a word; the place is kept and read from anew. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final EventStore store;

	private final LiveEvents live;

	private final Signals signals;

	private final Duration slowPoll;

	private @Nullable Place place;

	private @Nullable Disposable running;

	TailLoop(EventStore store, LiveEvents live, Signals signals, OrdersProperties properties) {
		this.store = store;
		this.live = live;
		this.signals = signals;
		this.slowPoll = properties.slowPoll();
	}

	@Override
	public void start() {
		this.running = Mono.defer(this::begin)
			.thenMany(wakeUps().concatMap((wakeUp) -> drain(), 1))
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(100))
				.maxBackoff(Duration.ofSeconds(2))
				.transientErrors(true)
				.doBeforeRetry((retry) -> log.warn("event log unreadable: {}", retry.failure().toString())))
			.subscribe();
	}

	private Mono<Place> begin() {
		Place known = this.place;
		return (known != null) ? Mono.just(known) : this.store.end().timeout(PATIENCE).doOnNext(this::beginAt);
	}

	private void beginAt(Place end) {
		this.place = end;
		this.live.follow();
	}

	private Flux<?> wakeUps() {
		return Flux
			.merge(this.signals.on(Orders.CHANGED), Flux.interval(Duration.ZERO, this.slowPoll).onBackpressureDrop())
			.onBackpressureLatest();
	}

	/** Until a batch is not full. */
	private Mono<Long> drain() {
		return Mono
			.defer(() -> this.store.after(Objects.requireNonNull(this.place), BATCH).doOnNext(this::handOn).count())
			.timeout(PATIENCE)
			.repeat()
			.takeUntil((read) -> read < BATCH)
			.last();
	}

	private void handOn(OrderEvent event) {
		this.live.publish(event);
		this.place = event.place();
	}

	@Override
	public void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	/** Behind the web server at the stop: answers wait for events. */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 4096;
	}

	@Override
	public boolean isRunning() {
		return this.running != null;
	}

}
