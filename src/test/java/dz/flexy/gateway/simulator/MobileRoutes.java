package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Mobile top-ups.
 */
final class MobileRoutes {

	private static final String PATTERN = "^0[567][0-9]{8}$";

	private MobileRoutes() {
	}

	static List<Route> all() {
		return List.of(Route.get("/v3/mobile/plans", MobileRoutes::plans),
				Route.post("/v3/mobile/send", MobileRoutes::send),
				Route.get("/v3/mobile/check-id/{id}", MobileRoutes::checkId),
				Route.get("/v3/mobile/check-ref/{ref}", MobileRoutes::checkRef),
				Route.get("/v3/mobile/list", MobileRoutes::list));
	}

	private static Reply plans(Visit visit) {
		ObjectNode data = Json.object();
		data.set("dynamicPlans", plans(false));
		data.set("fixedPlans", plans(true));
		return Reply.of(data);
	}

	private static ArrayNode plans(boolean fixed) {
		ArrayNode plans = Json.array();
		Plan.ALL.stream().filter((plan) -> plan.fixed() == fixed).map(MobileView::plan).forEach(plans::add);
		return plans;
	}

	private static Reply send(Visit visit) {
		Fields fields = new Fields(visit.body());
		String code = fields.text("plan_code");
		String number = mobile(fields.text("MSSIDN"));
		Optional<BigDecimal> amount = fields.optionalNumber("amount");
		Optional<String> ref = fields.optionalText("ref");
		Plan plan = Plan.find(code)
			.filter(Plan::enabled)
			.orElseThrow(() -> Refused.invalid("plan_code", code, "is not a known plan"));
		BigDecimal face = amount(plan, number, amount, visit.drift());
		Purchase purchase = new Purchase(Family.MOBILE, ref.orElseGet(() -> visit.book().generatedRef(visit.now())),
				code, number, face, plan.charge(face));
		return Sending.accepted(visit, purchase);
	}

	private static Reply checkId(Visit visit) {
		String id = visit.value("id");
		Order order = visit.book().byId(Family.MOBILE, id, visit.now()).orElseThrow(() -> Refused.notFound("id", id));
		return Reply.of(MobileView.full(order, visit));
	}

	private static Reply checkRef(Visit visit) {
		String ref = visit.value("ref");
		Order order = visit.book()
			.byRef(Family.MOBILE, ref, visit.now())
			.orElseThrow(() -> Refused.notFound("reference", ref));
		return Reply.of(MobileView.full(order, visit));
	}

	private static Reply list(Visit visit) {
		List<Order> orders = visit.book().visible(Family.MOBILE, visit.now());
		return Reply
			.of(Paging.of(visit).page("items", orders, Order::createdAt, (order) -> MobileView.row(order, visit)));
	}

	private static String mobile(String number) {
		if (!number.matches(PATTERN) || SuffixOutcome.of(number) == SuffixOutcome.BAD_NUMBER) {
			throw Refused.invalid("MSSIDN", number, "must match pattern \"" + PATTERN + "\"");
		}
		return number;
	}

	private static BigDecimal amount(Plan plan, String number, Optional<BigDecimal> given, Drift drift) {
		if (!plan.serves(number) && !SuffixOutcome.isSandbox(number)) {
			throw Refused.invalid("MSSIDN", number, "does not belong to the plan's operator");
		}
		if (plan.fixed() && !drift.has(Quirk.FIXED_PLAN_NEEDS_AMOUNT)) {
			return plan.least();
		}
		BigDecimal amount = given.orElseThrow(() -> Refused.invalid("amount", "", "is required"));
		if (!plan.admits(amount) || amount.stripTrailingZeros().scale() > 0) {
			throw Refused.invalid("amount", amount.toPlainString(), "is out of range");
		}
		return amount;
	}

}
