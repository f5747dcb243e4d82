package dz.flexy.gateway.orders;

import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/**
 * Events as they are committed, on any replica. A subscriber gets each event that commits
 * after it subscribed; one that falls more than a buffer behind loses the oldest and must
 * read the log.
 */
@Component
public class LiveEvents {

	private static final int BUFFER = 256;

	private final Sinks.Many<OrderEvent> events = Sinks.many().multicast().directBestEffort();

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
		return this.events.currentSubscriberCount();
	}

	/**
	 * The events of all orders.
	 * @return never completes, never fails
	 */
	public Flux<OrderEvent> all() {
		return this.events.asFlux().onBackpressureBuffer(BUFFER, BufferOverflowStrategy.DROP_OLDEST);
	}

	/**
	 * The events of one order.
	 * @param order which
	 * @return never completes, never fails
	 */
	public Flux<OrderEvent> of(OrderId order) {
		return this.events.asFlux()
			.filter((event) -> event.orderId().equals(order))
			.onBackpressureBuffer(BUFFER, BufferOverflowStrategy.DROP_OLDEST);
	}

	/** Called once the place is known that {@link #publish} goes on from. */
	void follow() {
		this.following.tryEmitEmpty();
	}

	void publish(OrderEvent event) {
		this.events.tryEmitNext(event);
	}

}
