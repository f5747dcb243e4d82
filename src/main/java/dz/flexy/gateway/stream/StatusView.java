package dz.flexy.gateway.stream;

import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.orders.CustomerView;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.problem.Envelope;

/**
 * What a stream tells of an order's change: never its card code, never the line's number.
 */
final class StatusView {

	private StatusView() {
	}

	static Map<String, Object> of(OrderEvent event) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("orderId", event.orderId().value());
		view.put("ref", event.ref());
		view.put("family", event.familyLabel());
		view.put("product", event.item().product());
		view.put("status", event.status());
		view.put("state", event.state().name());
		view.put("previous", event.previousStatus());
		view.put("at", Envelope.timestamp(event.at()));
		view.put("final", event.state().isFinal());
		view.put("correction", event.correction());
		if (event.reason() != null) {
			view.put("reason", event.reason());
		}
		view.put("value", event.item().value());
		view.put("cost", event.cost());
		return view;
	}

	/** For who has a ticket of the order: not the caller's business. */
	static Map<String, Object> ofCustomer(OrderEvent event) {
		Map<String, Object> view = of(event);
		view.remove("cost");
		view.remove("reason");
		String reason = CustomerView.reason(event.state(), event.reason(), event.item());
		if (reason != null) {
			view.put("reason", reason);
		}
		return view;
	}

	/** For those who see others' orders. */
	static Map<String, Object> named(OrderEvent event) {
		Map<String, Object> view = of(event);
		view.put("caller", event.caller().value());
		return view;
	}

	/** Marks a view: earlier changes of the order were left out. */
	static Map<String, Object> skipping(Map<String, Object> view) {
		view.put("skipped", true);
		return view;
	}

}
