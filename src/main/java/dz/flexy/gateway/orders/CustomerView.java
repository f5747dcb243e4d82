package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;

/**
 * What the end customer sees of an order that a caller shows him: not what it cost the
 * caller, nor anything of the upstream's, nor the whole number.
 */
final class CustomerView {

	private static final List<String> SHOWN = List.of("orderId", "ref", "family", "product", "number", "type",
			"quantity", "fulfilled", "value", "status", "state", "final", "reason", "code", "acceptedAt", "finalAt",
			"events");

	private static final int HEAD = 3;

	private static final int TAIL = 2;

	private CustomerView() {
	}

	/**
	 * Made of the caller's own view.
	 * @return with {@code card}, whether there is one that the caller lets him see
	 */
	static Map<String, Object> of(Map<String, Object> full, Order order, Caller caller) {
		Map<String, Object> view = new LinkedHashMap<>();
		for (String field : SHOWN) {
			if (full.containsKey(field)) {
				view.put(field, full.get(field));
			}
		}
		view.computeIfPresent("number", (field, number) -> masked(number.toString()));
		view.put("card", order.card().code() != null && caller.may(Scope.CARDS_REVEAL));
		return view;
	}

	static String masked(String number) {
		return (number.length() <= HEAD + TAIL) ? number : number.substring(0, HEAD)
				+ "*".repeat(number.length() - HEAD - TAIL) + number.substring(number.length() - TAIL);
	}

}
