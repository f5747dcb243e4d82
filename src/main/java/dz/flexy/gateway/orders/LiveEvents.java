package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.callers.CallerId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;

import org.springframework.stereotype.Component;

/**
 * Events as they are committed, on any replica. A subscriber gets each event of its topic
 * that commits after it subscribed; one that falls more than a buffer behind loses the
 * oldest and must read the log. What an event costs depends on who listens to its order
 * and its caller, not on how many others there are.
 */
@Component
public class LiveEvents {

	private static final int BUFFER = 256;

	/** A reading of the log that was given up may still be handing on. */
	private static final Duration TAKING_OVER = Duration.ofSeconds(10);

	/** Stands for all orders where an order or a caller may stand. */
	private static final Object ALL = new Object();

	private final Map<Object, Topic> topics = new ConcurrentHashMap<>();

	private final Sinks.Empty<Void> following = Sinks.empty();

	LiveEvents() {
	}

	/**
	 * Whether this replica follows the log yet. What is read from the log after this
	 * completed, and heard after subscribing before it, is together everything.
	 * @return completes as soon as each event that commits from then on will be handed
	 * on; never fails
	 */
	public Mono<Void> following() {
		return this.following.asMono();
	}

	/**
	 * How many pipelines listen.
	 * @return subscribers at the moment
	 */
	public int listeners() {
		return this.topics.values().stream().mapToInt((topic) -> topic.listeners).sum();
	}

	/**
	 * The events of all orders.
	 * @return never completes, never fails
	 */
	public Flux<OrderEvent> all() {
		return on(ALL);
	}

	/**
	 * The events of a caller's orders.
	 * @param caller whose orders
	 * @return never completes, never fails
	 */
	public Flux<OrderEvent> of(CallerId caller) {
		return on(caller);
	}

	/**
	 * The events of one order.
	 * @param order which
	 * @return never completes, never fails
	 */
	public Flux<OrderEvent> of(OrderId order) {
		return on(order);
	}

	private Flux<OrderEvent> on(Object name) {
		return Flux.using(() -> join(name), (topic) -> topic.events.asFlux(), (topic) -> leave(name))
			.onBackpressureBuffer(BUFFER, BufferOverflowStrategy.DROP_OLDEST);
	}

	@SuppressWarnings("NullAway") // compute() answers what it was given
	private Topic join(Object name) {
		return this.topics.compute(name, (same, topic) -> ((topic != null) ? topic : new Topic()).joined());
	}

	private void leave(Object name) {
		this.topics.computeIfPresent(name, (same, topic) -> topic.left());
	}

	/** Called once the place is known that {@link #publish} goes on from. */
	void follow() {
		this.following.tryEmitEmpty();
	}

	void publish(OrderEvent event) {
		publish(event.orderId(), event);
		publish(event.caller(), event);
		publish(ALL, event);
	}

	private void publish(Object name, OrderEvent event) {
		Topic topic = this.topics.get(name);
		if (topic != null) {
			topic.events.emitNext(event, EmitFailureHandler.busyLooping(TAKING_OVER));
		}
	}

	/** Exists while somebody listens. */
	private static final class Topic {

		private final Sinks.Many<OrderEvent> events = Sinks.many().multicast().directBestEffort();

		private volatile int listeners;

		@SuppressWarnings("NonAtomicVolatileUpdate") // the map lets one in at a time
		Topic joined() {
			this.listeners++;
			return this;
		}

		@SuppressWarnings("NonAtomicVolatileUpdate") // as above
		@Nullable Topic left() {
			this.listeners--;
			return (this.listeners > 0) ? this : null;
		}

	}

}
