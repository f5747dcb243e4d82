package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The full view of an order on {@code /orders}: what callers see, and what the gateway
 * knows. Never the card code.
 */
public final class OrderView {

	private OrderView() {
	}

	/**
	 * One order without its history.
	 * @param order as read
	 * @return JSON fields in the order shown
	 */
	public static Map<String, Object> of(Order order) {
		Fields view = new Fields();
		view.put("orderId", order.id().value());
		view.put("ref", order.ref());
		view.put("family", order.family().label());
		view.put("product", order.item().product());
		view.put("number", order.item().number());
		if (order.item() instanceof Item.GiftCards cards) {
			view.put("type", cards.type());
			view.put("quantity", cards.quantity());
			view.put("fulfilled", order.ending().fulfilled());
		}
		view.put("value", order.item().value());
		view.put("maxCost", order.item().maxCost().orElse(null));
		view.put("cost", order.cost());
		view.put("status", order.status());
		view.put("state", order.state().name());
		view.put("final", order.state().isFinal());
		view.put("reason", order.reason());
		view.put("code",
				order.refusal().filter((why) -> order.state() == OrderState.REJECTED).map(Problem::code).orElse(null));
		view.put("acceptedAt", Envelope.timestamp(order.acceptedAt()));
		view.put("sendDeadline", Envelope.timestamp(order.sending().deadline()));
		view.put("sends", order.sending().count());
		view.put("sentAt", order.sending().at());
		view.put("upstreamId", order.upstreamId());
		view.put("upstreamRef", order.upstreamRef());
		view.put("finalAt", order.finalAt());
		view.put("attention", order.flag());
		view.put("erasedAt", order.erasedAt());
		return view.fields;
	}

	/** For those who see others' orders. */
	static Map<String, Object> withCaller(Order order) {
		Map<String, Object> view = of(order);
		view.put("caller", order.caller().value());
		return view;
	}

	static Map<String, Object> of(Order order, List<OrderEvent> history) {
		Map<String, Object> view = of(order);
		view.put("events", history.stream().map(OrderView::of).toList());
		return view;
	}

	private static Map<String, Object> of(OrderEvent event) {
		Fields view = new Fields();
		view.put("number", event.number().orElse(null));
		view.put("at", event.at());
		view.put("state", event.state().name());
		view.put("status", event.status());
		view.put("correction", event.correction() ? true : null);
		view.put("reason", event.reason());
		return view.fields;
	}

	/** Leaves out what is not known. */
	private static final class Fields {

		private final Map<String, Object> fields = new LinkedHashMap<>();

		void put(String name, @Nullable Object value) {
			if (value instanceof Instant instant) {
				this.fields.put(name, Envelope.timestamp(instant));
			}
			else if (value != null) {
				this.fields.put(name, value);
			}
		}

	}

}
