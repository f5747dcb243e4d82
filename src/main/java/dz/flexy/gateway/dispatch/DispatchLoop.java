package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderTraces;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Closing;
import dz.flexy.gateway.signal.Signals;
import dz.flexy.gateway.upstream.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Claims accepted orders and sends them: as soon as one is accepted or a place is free,
 * and at a slow beat for what is due again or was left by another replica.
 */
@Component
class DispatchLoop extends ClaimLoop {

	private static final Logger log = LoggerFactory.getLogger(DispatchLoop.class);

	private static final Duration BEAT = Duration.ofSeconds(1);

	/**
	 * Longer than the checks and the wait for a permit together; the version fences what
	 * overruns it.
	 */
	private static final Duration CLAIM = Duration.ofSeconds(20);

	private static final long BEATS_AT_REST = 10;

	/** A connection to the database may die without a word; no wait is for ever. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** By then the claim has run out and any answer has come; frees the place. */
	private static final Duration LONGEST_SEND = Duration.ofMinutes(3);

	private final Orders orders;

	private final Accounts accounts;

	private final Sender sender;

	private final Upstream upstream;

	private final Backlog backlog;

	private final Signals signals;

	private final DispatchProperties properties;

	private final OrderTraces traces;

	private final Spans spans;

	DispatchLoop(Orders orders, Accounts accounts, Sender sender, Upstream upstream, Backlog backlog, Signals signals,
			DispatchProperties properties, OrderTraces traces, Spans spans, Closing closing, MeterRegistry meters) {
		super("dispatch", orders, closing, meters);
		this.orders = orders;
		this.accounts = accounts;
		this.sender = sender;
		this.upstream = upstream;
		this.backlog = backlog;
		this.signals = signals;
		this.properties = properties;
		this.traces = traces;
		this.spans = spans;
		DispatchMeter.HOLD.gauge(meters, properties, (settings) -> settings.hold() ? 1 : 0);
	}

	@Override
	protected Flux<?> job() {
		return this.properties.hold() ? Flux.never()
				: Flux.fromIterable(this.accounts.all()).flatMap(this::dispatch, Integer.MAX_VALUE);
	}

	private Flux<Order> dispatch(Account account) {
		Places places = new Places(this.properties.ahead(account), this.properties.parallel());
		Flux<?> beats = Flux.interval(Duration.ZERO, BEAT)
			.onBackpressureDrop()
			.concatMap((beat) -> count(account, beat % BEATS_AT_REST == 0).thenReturn(beat));
		// Nothing on this path may fail: a restart of the pipeline would cut off sends
		// under way.
		return Flux.merge(this.signals.on(Orders.ACCEPTED), places.freed(), beats)
			.onBackpressureLatest()
			.concatMap((wakeUp) -> claimable(account, places, wakeUp).flatMapMany((claim) -> claimed(account, claim)),
					1)
			.flatMap((order) -> send(order, places.take()), Integer.MAX_VALUE, 1);
	}

	/**
	 * As many as there are places; each takes its own before the next claim. Where
	 * nothing can be sent, by anyone or by this replica, only a few now and then, so that
	 * what is too late by then is told so: whatever is claimed and put back has had its
	 * turn.
	 */
	private Mono<Claim> claimable(Account account, Places places, Object wakeUp) {
		boolean seldom = wakeUp instanceof Long beat && beat % BEATS_AT_REST == 0;
		List<Family> sendable = seldom ? Family.SOLD
				: Family.SOLD.stream()
					.filter((family) -> !this.upstream.restsFromSending(account, family, Attempt.LONGEST_PERMIT_WAIT))
					.toList();
		if (sendable.isEmpty() || isClosing()) {
			return Mono.just(Claim.NONE);
		}
		return this.accounts.leftToOthers(account)
			.map((left) -> left ? new Claim(sendable, seldom ? this.properties.parallel() : 0)
					: new Claim(sendable, places.free()));
	}

	private Flux<Order> claimed(Account account, Claim claim) {
		return Flux
			.defer(() -> (claim.most() > 0)
					? this.orders.claimToSend(account.id(), claim.families(), claim.most(), CLAIM) : Flux.empty())
			.collectList()
			.timeout(PATIENCE)
			.onErrorResume((failure) -> unreadable(account, failure))
			.flatMapIterable((claimed) -> claimed);
	}

	private Mono<Void> count(Account account, boolean seldom) {
		return this.orders.waiting(account.id())
			.collectList()
			.doOnNext((waiting) -> this.backlog.counted(account.id(), waiting))
			.then(seldom ? this.orders.forgetIdle(account.id()) : Mono.empty())
			.timeout(PATIENCE)
			.onErrorComplete();
	}

	private static Mono<List<Order>> unreadable(Account account, Throwable failure) {
		log.warn("orders of account {} cannot be claimed: {}", account.id(), failure.toString());
		return Mono.empty();
	}

	/**
	 * What fails here is found by the settling or the next claim, once this claim has run
	 * out.
	 */
	private Mono<Order> send(Order order, Places.Place place) {
		Mono<Order> sent = traced(order, Mono.defer(() -> this.sender.send(order, place::begun))).timeout(LONGEST_SEND)
			.onErrorResume((failure) -> {
				log.warn("order {} left to be settled: {}", order.id(), failure.toString());
				return Mono.empty();
			});
		return during(List.of(order), sent).doFinally((end) -> place.over());
	}

	private Mono<Order> traced(Order order, Mono<Order> sending) {
		return this.spans.job("order send", Map.of("order.id", order.id().value(), "family", order.family().label()),
				this.traces.of(order), List.of(), sending);
	}

	/**
	 * What may be claimed now.
	 *
	 * @param families whose orders
	 * @param most how many
	 */
	private record Claim(List<Family> families, int most) {

		static final Claim NONE = new Claim(List.of(), 0);

	}

}
