package dz.flexy.gateway.stream;

import java.util.List;
import java.util.Map;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.orders.OrderEvent;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Writes events: an order's own stream numbers them, a caller's places them. What many
 * watchers of one event are told is written once.
 */
@Component
class Frames {

	private static final String STATUS = "status";

	private static final String RESET = "reset";

	private final JsonMapper json;

	private final Cache<OrderEvent, Frame> numbered = written();

	private final Cache<OrderEvent, Frame> customers = written();

	private final Cache<OrderEvent, Frame> placed = written();

	private final Cache<OrderEvent, Frame> named = written();

	Frames(JsonMapper json) {
		this.json = json;
	}

	Frame numbered(OrderEvent event) {
		return this.numbered.get(event, (one) -> write(STATUS, number(one), StatusView.of(one)));
	}

	Frame ofCustomer(OrderEvent event) {
		return this.customers.get(event, (one) -> write(STATUS, number(one), StatusView.ofCustomer(one)));
	}

	/** The order's present state, for a reader whose place is unknown. */
	Frame numberedReset(OrderEvent event) {
		return write(RESET, number(event), StatusView.of(event));
	}

	Frame resetOfCustomer(OrderEvent event) {
		return write(RESET, number(event), StatusView.ofCustomer(event));
	}

	/**
	 * An event among those of other orders.
	 * @param others whether it says whose it is
	 */
	Frame placed(OrderEvent event, boolean others) {
		Cache<OrderEvent, Frame> written = others ? this.named : this.placed;
		return written.get(event, (one) -> write(STATUS, one.place().position(), view(one, others)));
	}

	/** A change that callers do not see, which has no place among those that they do. */
	Frame state(OrderEvent event, boolean others) {
		return Frame.event("state", this.json.writeValueAsString(view(event, others)));
	}

	Frame placedSkipping(OrderEvent event, boolean others) {
		return write(STATUS, event.place().position(), StatusView.skipping(view(event, others)));
	}

	/** The open orders, for a reader whose place is unknown. */
	Frame placedReset(long position, List<OrderEvent> open, boolean others) {
		return write(RESET, position, Map.of("orders", open.stream().map((event) -> view(event, others)).toList()));
	}

	private static Map<String, Object> view(OrderEvent event, boolean others) {
		return others ? StatusView.named(event) : StatusView.of(event);
	}

	/**
	 * By the event itself, which all who hear it live have in common, and for as long as
	 * one of them has it.
	 */
	private static Cache<OrderEvent, Frame> written() {
		return Caffeine.newBuilder().weakKeys().build();
	}

	private Frame write(String name, long id, Map<String, Object> data) {
		return Frame.event(name, id, this.json.writeValueAsString(data));
	}

	private static long number(OrderEvent event) {
		return event.number().orElseThrow();
	}

}
