package dz.flexy.gateway.simulator;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How mobile plans and orders look on the wire.
 */
final class MobileView {

	private static final String REFUND_MESSAGE = "تعذر تنفيذ العملية وتم استرجاع الرصيد";

	private MobileView() {
	}

	static ObjectNode plan(Plan plan) {
		ObjectNode body = Json.object()
			.put("code", plan.code())
			.put("name", plan.name())
			.put("operator", plan.operator())
			.put("isEnabled", plan.enabled());
		if (plan.cost() != null) {
			body.put("cost", Json.number(plan.cost()));
		}
		return plan.fixed() ? body.put("amount", Json.number(plan.least()))
				: body.put("min_amount", Json.number(plan.least())).put("max_amount", Json.number(plan.most()));
	}

	static ObjectNode full(Order order, Visit visit) {
		boolean bare = visit.drift().has(Quirk.CHECK_REF_BARE);
		return order(order, bare ? order.purchase().ref() : order.storedRef(), visit);
	}

	static ObjectNode row(Order order, Visit visit) {
		return order(order, order.storedRef(), visit);
	}

	private static ObjectNode order(Order order, String ref, Visit visit) {
		Purchase purchase = order.purchase();
		String status = order.status(visit.now());
		if (visit.drift().has(Quirk.MOBILE_CAMEL_CASE)) {
			return camelCase(order, ref, visit);
		}
		ObjectNode body = Json.object()
			.put("_id", order.id())
			.put("ref", ref)
			.put("status", worded(status, visit.drift()))
			.put("plan_code", purchase.type())
			.put("MSSIDN", purchase.number())
			.put("topup_amount", Json.number(purchase.value()))
			.put("balance_amount", Json.number(order.charge()))
			.put("created_at", Json.time(order.createdAt()));
		if (visit.drift().has(Quirk.MOBILE_FOLLOW_UPS)) {
			body.put("follow_orderid", order.id()).put("retry_orderid", order.id());
		}
		boolean unhappy = status.equals("REFUNDED") || status.equals("UNKNOWN_ERROR");
		return unhappy ? explained(body, order) : body;
	}

	/** One language's pages; what they leave out is as on the others. */
	private static ObjectNode camelCase(Order order, String ref, Visit visit) {
		Purchase purchase = order.purchase();
		Plan plan = Plan.find(purchase.type()).orElseThrow();
		return Json.object()
			.put("_id", order.id())
			.put("ref", ref)
			.put("status", worded(order.status(visit.now()), visit.drift()))
			.put("planCode", plan.code())
			.put("planName", plan.name())
			.put("operator", plan.operator())
			.put("MSSIDN", purchase.number())
			.put("amount", Json.number(purchase.value()))
			.put("cost", Json.number(order.charge()))
			.put("createdAt", Json.time(order.createdAt()))
			.put("updatedAt", Json.time(order.changedAt(visit.now())));
	}

	private static ObjectNode explained(ObjectNode body, Order order) {
		body.put("refund_message", REFUND_MESSAGE);
		if (order.outcome() == SuffixOutcome.NO_STOCK) {
			ObjectNode offer = Json.object()
				.put("typename", "MIX")
				.put("plan_code", "MIX500_MOBILIS")
				.put("amount", 500);
			ArrayNode offers = Json.array().add(offer);
			body.set("suggested_offers", offers);
		}
		return body;
	}

	private static String worded(String status, Drift drift) {
		if (!drift.has(Quirk.MOBILE_SUCCESS_FAILED)) {
			return status;
		}
		return switch (status) {
			case "FULFILLED" -> "SUCCESS";
			case "REFUNDED" -> "FAILED";
			default -> status;
		};
	}

}
