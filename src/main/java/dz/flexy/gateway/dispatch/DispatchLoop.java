package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Claims accepted orders and sends them: as soon as one is accepted, and at a slow beat
 * for what is due again or was left by another replica.
 */
@Component
class DispatchLoop extends JobLoop {

	private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);

	private static final Duration BEAT = Duration.ofSeconds(1);

	private static final int BATCH = 8;

	/**
	 * Longer than the checks and the wait for a permit together; the version fences what
	 * overruns it.
	 */
	private static final Duration CLAIM = Duration.ofSeconds(20);

	/** A connection to the database may die without a word; no wait is for ever. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** By then the claim has run out and any answer has come; frees the place. */
	private static final Duration LONGEST_SEND = Duration.ofMinutes(3);

	private final Orders orders;

	private final Accounts accounts;

	private final Sender sender;

	private final Backlog backlog;

	private final Signals signals;

	private final DispatchProperties properties;

	DispatchLoop(Orders orders, Accounts accounts, Sender sender, Backlog backlog, Signals signals,
			DispatchProperties properties, MeterRegistry meters) {
		super("dispatch", meters);
		this.orders = orders;
		this.accounts = accounts;
		this.sender = sender;
		this.backlog = backlog;
		this.signals = signals;
		this.properties = properties;
	}

	@Override
	protected Flux<?> job() {
		return this.properties.hold() ? Flux.never()
				: Flux.fromIterable(this.accounts.all()).flatMap(this::dispatch, Integer.MAX_VALUE);
	}

	private Flux<Order> dispatch(Account account) {
		Flux<?> beats = Flux.interval(Duration.ZERO, BEAT)
			.onBackpressureDrop()
			.concatMap((beat) -> count(account).thenReturn(beat));
		// Nothing on this path may fail: a restart of the pipeline would cut off sends
		// under way.
		return Flux.merge(this.signals.on(Orders.ACCEPTED), beats)
			.onBackpressureLatest()
			.concatMap((wakeUp) -> claimed(account), 1)
			.flatMap(this::send, this.properties.parallel(), 1);
	}

	/** Batches until one is not full. */
	private Flux<Order> claimed(Account account) {
		return Flux.defer(() -> this.orders.claimToSend(account.id(), BATCH, CLAIM))
			.collectList()
			.timeout(PATIENCE)
			.repeat()
			.takeUntil((batch) -> batch.size() < BATCH)
			.concatMapIterable((batch) -> batch, 1)
			.onErrorResume((failure) -> unreadable(account, failure));
	}

	private Mono<Void> count(Account account) {
		return this.orders.waiting(account.id())
			.timeout(PATIENCE)
			.doOnNext((count) -> this.backlog.counted(account.id(), count))
			.then()
			.onErrorComplete();
	}

	private static Mono<Order> unreadable(Account account, Throwable failure) {
		log.warn("orders of account {} cannot be claimed: {}", account.id(), failure.toString());
		return Mono.empty();
	}

	/**
	 * What fails here is found by the settling or the next claim, once this claim has run
	 * out.
	 */
	private Mono<Order> send(Order order) {
		return Mono.defer(() -> this.sender.send(order)).timeout(LONGEST_SEND).onErrorResume((failure) -> {
			log.warn("order {} left to be settled: {}", order.id(), failure.toString());
			return Mono.empty();
		});
	}

}
