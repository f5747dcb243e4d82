package dz.flexy.gateway.stream;

import java.util.List;
import java.util.Map;

import dz.flexy.gateway.orders.OrderEvent;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** Writes events: an order's own stream numbers them, a caller's places them. */
@Component
class Frames {

	private static final String STATUS = "status";

	private static final String RESET = "reset";

	private final JsonMapper json;

	Frames(JsonMapper json) {
		this.json = json;
	}

	Frame numbered(OrderEvent event) {
		return write(STATUS, number(event), StatusView.of(event));
	}

	/** The order's present state, for a reader whose place is unknown. */
	Frame numberedReset(OrderEvent event) {
		return write(RESET, number(event), StatusView.of(event));
	}

	Frame placed(OrderEvent event) {
		return write(STATUS, event.place().position(), StatusView.of(event));
	}

	Frame placedSkipping(OrderEvent event) {
		return write(STATUS, event.place().position(), StatusView.skipping(event));
	}

	/** A caller's open orders, for a reader whose place is unknown. */
	Frame placedReset(long position, List<OrderEvent> open) {
		return write(RESET, position, Map.of("orders", open.stream().map(StatusView::of).toList()));
	}

	private Frame write(String name, long id, Map<String, Object> data) {
		return Frame.event(name, id, this.json.writeValueAsString(data));
	}

	private static long number(OrderEvent event) {
		return event.number().orElseThrow();
	}

}
