package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.signal.Closing;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A job that claims orders. When the gateway stops it claims none any more, what it is
 * busy with has a moment to come to its end, and what is left then is handed to the other
 * replicas at once rather than when its claim runs out.
 */
abstract class ClaimLoop extends JobLoop {

	/** Together with the server's own grace a stop stays below five seconds. */
	private static final Duration LAST_MOMENT = Duration.ofMillis(1500);

	private static final Duration LOOK = Duration.ofMillis(20);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final int PARALLEL = 8;

	private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);

	private final Map<OrderId, Order> claims = new ConcurrentHashMap<>();

	private final Orders orders;

	private final Closing closing;

	ClaimLoop(String name, Orders orders, Closing closing, MeterRegistry meters) {
		super(name, meters);
		this.orders = orders;
		this.closing = closing;
	}

	/** What is under way has so long to come to its end. */
	Duration lastMoment() {
		return LAST_MOMENT;
	}

	/** And the hand-over of what is left then, so long. */
	Duration patience() {
		return PATIENCE;
	}

	/** Whether no order may be claimed any more. */
	boolean isClosing() {
		return this.closing.hasBegun();
	}

	/**
	 * Does what the orders were claimed for; cut off, they stay claimed until the stop.
	 */
	<T> Mono<T> during(Collection<Order> claimed, Mono<T> work) {
		return Mono.defer(() -> {
			claimed.forEach((order) -> this.claims.put(order.id(), order));
			return work;
		}).doOnTerminate(() -> claimed.forEach((order) -> this.claims.remove(order.id(), order)));
	}

	@Override
	public void stop(Runnable whenStopped) {
		Flux.interval(Duration.ZERO, LOOK)
			.takeUntil((look) -> this.claims.isEmpty())
			.take(lastMoment())
			.then(Mono.fromRunnable(this::stop))
			.thenMany(Flux.defer(() -> Flux.fromIterable(this.claims.values())))
			.flatMap(this::handOver, PARALLEL)
			.then()
			.timeout(lastMoment().plus(patience()))
			.doFinally((end) -> whenStopped.run())
			.subscribe((none) -> {
			}, (failure) -> log.warn("claims run out by themselves: {}", failure.toString()));
	}

	/** Whatever was moved on since has its own due time. */
	private Mono<Order> handOver(Order claimed) {
		return this.orders.find(claimed.id())
			.filter((order) -> isLeft(claimed, order))
			.flatMap((order) -> this.orders.apply(order,
					(order.state() == OrderState.SENDING)
							? Change.to(OrderState.SEND_UNKNOWN).reason("the gateway was stopped") : Change.note()))
			.onErrorResume((failure) -> {
				log.warn("the claim of order {} runs out by itself: {}", claimed.id(), failure.toString());
				return Mono.empty();
			});
	}

	/** A send of gift cards is not cut off: the process waits for it. */
	private static boolean isLeft(Order claimed, Order order) {
		return (order.state() == OrderState.SENDING)
				? order.family() != Family.GIFT_CARD && order.version() <= claimed.version() + 1
				: order.state().isUnsent() && order.version() == claimed.version();
	}

}
