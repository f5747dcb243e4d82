package dz.flexy.gateway.orders;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.BufferOverflowStrategy;

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

	LiveEvents() {
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

	void publish(OrderEvent event) {
		this.events.tryEmitNext(event);
	}

}
