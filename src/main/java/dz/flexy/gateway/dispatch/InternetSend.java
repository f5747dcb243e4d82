package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.catalog.InternetNumber;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.problem.Problem;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v3/internet/send} (contract section 4.3), checked as far as it
 * can be without asking anybody. Unknown fields are ignored, as upstream.
 *
 * @param ref the caller's reference
 * @param item what to buy
 */
record InternetSend(Optional<String> ref, Item item) {

	/**
	 * @throws Problem 400 naming the field
	 */
	static InternetSend read(JsonNode body) {
		Fields fields = new Fields(body);
		String type = fields.text("type");
		Optional<Problem> wrongType = InternetNumber.refusal(type, "").filter((p) -> p.code().equals("ERR_VALIDATION"));
		wrongType.ifPresent(InternetSend::refuse);
		String number = fields.text("number");
		BigDecimal value = fields.amount("value");
		Optional<String> ref = fields.ref();
		Optional<BigDecimal> maxCost = fields.optionalAmount("max_cost");
		InternetNumber.refusal(type, number).ifPresent(InternetSend::refuse);
		return new InternetSend(ref, new Item(type, number, value, maxCost));
	}

	private static void refuse(Problem problem) {
		throw problem;
	}

}
