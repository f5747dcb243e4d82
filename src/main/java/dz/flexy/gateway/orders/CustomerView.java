package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the end customer sees of an order that a caller shows him: not what it cost the
 * caller, nor anything of the upstream's, nor the whole number.
 */
public final class CustomerView {

	private static final List<String> SHOWN = List.of("orderId", "ref", "family", "product", "number", "type",
			"quantity", "fulfilled", "value", "status", "state", "final", "acceptedAt", "finalAt");

	/** Refusals that the buyer can do something about, or has brought about. */
	private static final Set<String> CODES = Set.of("ERR_PHONE", "ERR_STOCK", "CANCELLED", "NOT_SENT_IN_TIME");

	private static final int HEAD = 3;

	private static final int TAIL = 2;

	private CustomerView() {
	}

	/**
	 * What is left of the caller's own view.
	 * @return with {@code card}, whether there is one that the caller lets him see
	 */
	static Map<String, Object> of(Order order, List<OrderEvent> history, Caller caller) {
		Map<String, Object> full = OrderView.of(order);
		Map<String, Object> view = new LinkedHashMap<>();
		for (String field : SHOWN) {
			if (full.containsKey(field)) {
				view.put(field, full.get(field));
			}
		}
		view.computeIfPresent("number", (field, number) -> masked(number.toString()));
		String reason = reason(order.state(), order.reason(), order.item());
		if (reason != null) {
			view.put("reason", reason);
		}
		order.refusal().map(Problem::code).filter(CODES::contains).ifPresent((code) -> view.put("code", code));
		view.put("events",
				history.stream().filter((event) -> event.number().isPresent()).map(CustomerView::seen).toList());
		view.put("card", order.card().code() != null && caller.may(Scope.CARDS_REVEAL));
		return view;
	}

	/**
	 * Why an order ended so, as far as it is the buyer's business: what became of a send,
	 * and why it was refused, is the caller's.
	 * @param state of the order
	 * @param reason as the caller is told, if he is
	 * @param item what was ordered; its number is blotted out
	 * @return {@code null} if there is nothing to tell
	 */
	public static @Nullable String reason(OrderState state, @Nullable String reason, Item item) {
		if (reason == null || !state.isFinal() || state == OrderState.REJECTED) {
			return null;
		}
		String number = item.number();
		return (number == null || number.isEmpty()) ? reason : reason.replace(number, masked(number));
	}

	private static Map<String, Object> seen(OrderEvent event) {
		Map<String, Object> view = new LinkedHashMap<>();
		event.number().ifPresent((number) -> view.put("number", number));
		view.put("at", Envelope.timestamp(event.at()));
		view.put("state", event.state().name());
		view.put("status", event.status());
		if (event.correction()) {
			view.put("correction", true);
		}
		return view;
	}

	static String masked(String number) {
		return (number.length() <= HEAD + TAIL) ? number : number.substring(0, HEAD)
				+ "*".repeat(number.length() - HEAD - TAIL) + number.substring(number.length() - TAIL);
	}

}
