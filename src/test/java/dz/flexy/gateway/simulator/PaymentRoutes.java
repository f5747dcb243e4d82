package dz.flexy.gateway.simulator;

import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Payment links (OCPay). Their answers carry the request's id inside {@code meta}. Fields
 * that a link does not know, {@code currency} and {@code ref} among them, are ignored.
 */
final class PaymentRoutes {

	private static final Set<String> FEE_MODES = Set.of("NO_FEE", "SPLIT_FEE", "CUSTOMER_FEE");

	private PaymentRoutes() {
	}

	static List<Route> all() {
		return List.of(Route.post("/v3/ocpay/createLink", PaymentRoutes::createLink),
				Route.get("/v3/ocpay/checkPayment/{ref}", PaymentRoutes::checkPayment));
	}

	private static Reply createLink(Visit visit) {
		PaymentLink link = visit.tenant().links().create(terms(visit.body()), visit.now());
		ObjectNode shown = Json.object()
			.put("uid", "user_" + visit.book().username().replaceAll("\\D", ""))
			.put("ref", link.ref())
			.put("isSandbox", !visit.book().isPaying());
		shown.setAll(link.terms());
		shown.put("time", Json.time(link.createdAt()));
		ObjectNode data = Json.object();
		data.set("paymentLink", shown);
		data.put("paymentUrl", "https://pay.ocdz.link/pay/" + link.ref()).put("paymentRef", link.ref());
		return Reply.of(data, Reply.Form.ID_IN_META);
	}

	private static Reply checkPayment(Visit visit) {
		String ref = visit.value("ref");
		PaymentLink link = visit.tenant()
			.links()
			.find(ref, visit.now())
			.orElseThrow(() -> Refused.notFound("Payment", "reference", ref));
		String status = link.status(visit.now());
		ObjectNode data = Json.object()
			.put("status", status)
			.put("message", message(status))
			.put("paymentRef", link.ref());
		data.set("transactionDetails",
				visit.drift().has(Quirk.PAYMENT_DETAILS_OF_SDK) ? sdkDetails(link) : details(link, visit));
		return Reply.of(data, Reply.Form.ID_IN_META);
	}

	private static ObjectNode details(PaymentLink link, Visit visit) {
		return Json.object()
			.put("amount", Json.number(link.amount()))
			.put("currency", "DZD")
			.put("isSandbox", !visit.book().isPaying())
			.put("createdDate", Json.time(link.createdAt()));
	}

	private static ObjectNode sdkDetails(PaymentLink link) {
		return Json.object()
			.put("transactionRef", link.ref())
			.put("amount", Json.number(link.amount()))
			.put("fee", 0)
			.put("netAmount", Json.number(link.amount()))
			.put("paymentMethod", "CIB")
			.put("completedAt", Json.time(link.createdAt()));
	}

	private static String message(String status) {
		return switch (status) {
			case "CONFIRMED" -> "Payment confirmed successfully";
			case "FAILED" -> "Payment failed or link expired";
			default -> "Payment is pending";
		};
	}

	private static ObjectNode terms(JsonNode body) {
		JsonNode info = body.path("productInfo");
		if (!info.isObject()) {
			throw Refused.invalid("productInfo", info.toString(), "must be object");
		}
		Fields product = new Fields(info);
		ObjectNode shown = Json.object().put("title", product.text("title", 200));
		product.optionalText("description", 1000).ifPresent((text) -> shown.put("description", text));
		shown.put("amount", product.integer("amount", 500, 500_000));
		Fields fields = new Fields(body);
		ObjectNode terms = Json.object();
		terms.set("productInfo", shown);
		terms.put("feeMode", feeMode(fields.optionalText("feeMode").orElse("NO_FEE")));
		fields.optionalText("successMessage", 500).ifPresent((text) -> terms.put("successMessage", text));
		fields.optionalText("redirectUrl").ifPresent((text) -> terms.put("redirectUrl", address(text)));
		return terms;
	}

	private static String feeMode(String mode) {
		if (!FEE_MODES.contains(mode)) {
			throw Refused.invalid("feeMode", mode, "must be equal to one of the allowed values");
		}
		return mode;
	}

	private static String address(String text) {
		if (!text.matches("https?://\\S+")) {
			throw Refused.invalid("redirectUrl", text, "must match format \"uri\"");
		}
		return text;
	}

}
