package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Internet cards, ADSL and 4G.
 */
final class InternetRoutes {

	private static final Map<String, String> PATTERNS = Map.of("ADSL", "0[0-9]{8}", "4G", "213[0-9]{9}");

	private final InternetView view;

	InternetRoutes(Ids ids) {
		this.view = new InternetView(ids);
	}

	List<Route> all() {
		return List.of(Route.get("/v3/internet/products", this::products),
				Route.get("/v3/internet/check-number", this::checkNumber), Route.post("/v3/internet/send", this::send),
				Route.get("/v3/internet/check-id/{id}", this::checkId),
				Route.get("/v3/internet/check-ref/{ref}", this::checkRef), Route.get("/v3/internet/list", this::list));
	}

	private Reply products(Visit visit) {
		String type = knownType(visit.requiredQuery("type"));
		ArrayNode products = Json.array();
		visit.key().catalogue().of(type).stream().map(InternetView::product).forEach(products::add);
		if (visit.drift().has(Quirk.PRODUCTS_BARE_ARRAY)) {
			return Reply.of(products);
		}
		ObjectNode data = Json.object();
		data.set("products", products);
		boolean inMeta = visit.drift().has(Quirk.PRODUCTS_TYPE_IN_META);
		return inMeta ? Reply.of(data).withMeta("type", type) : Reply.of(data.put("type", type));
	}

	private Reply checkNumber(Visit visit) {
		String type = knownType(visit.requiredQuery("type"));
		eligible(type, visit.requiredQuery("number"));
		ObjectNode data = Json.object().put("ncli", "11022*****");
		return Reply
			.of(type.equals("ADSL") ? data.put("offre", "FTTc-b_10M'").put("type", type) : data.put("type", "4GLTE"));
	}

	private Reply send(Visit visit) {
		Fields fields = new Fields(visit.body());
		String type = knownType(fields.text("type"));
		String number = fields.text("number");
		BigDecimal value = fields.number("value");
		Optional<String> ref = fields.optionalText("ref");
		eligible(type, number);
		Catalogue.Card card = inStock(visit, type, number, value);
		Purchase purchase = new Purchase(Family.INTERNET, ref.orElseGet(() -> visit.book().generatedRef(visit.now())),
				type, number, card.value(), card.cost());
		return Sending.accepted(visit, purchase);
	}

	private Reply checkId(Visit visit) {
		String id = visit.value("id");
		Order order = visit.book().byId(Family.INTERNET, id, visit.now()).orElseThrow(() -> Refused.notFound("id", id));
		return Reply.of(this.view.full(order, visit));
	}

	private Reply checkRef(Visit visit) {
		String ref = visit.value("ref");
		Order order = visit.book()
			.byRef(Family.INTERNET, ref, visit.now())
			.orElseThrow(() -> Refused.notFound("reference", ref));
		return Reply.of(this.view.full(order, visit));
	}

	private Reply list(Visit visit) {
		String name = visit.drift().has(Quirk.INTERNET_LIST_ITEMS) ? "items" : "topups";
		List<Order> orders = visit.book().visible(Family.INTERNET, visit.now());
		return Reply.of(Paging.of(visit).page(name, orders, Order::createdAt, (order) -> this.view.row(order, visit)));
	}

	private static String knownType(String type) {
		if (!PATTERNS.containsKey(type)) {
			throw Refused.invalid("type", type, "must be equal to one of the allowed values");
		}
		return type;
	}

	private static void eligible(String type, String number) {
		if (!number.matches(PATTERNS.getOrDefault(type, ""))) {
			throw Refused.phone(number, type, "invalid format");
		}
		if (SuffixOutcome.of(number) == SuffixOutcome.BAD_NUMBER) {
			throw Refused.phone(number, type, "unknown subscriber");
		}
	}

	private static Catalogue.Card inStock(Visit visit, String type, String number, BigDecimal value) {
		Catalogue.Card card = visit.key()
			.catalogue()
			.find(type, value)
			.orElseThrow(() -> Refused.invalid("value", value.toPlainString(), "is not a known card value"));
		if (!card.available() || SuffixOutcome.of(number) == SuffixOutcome.NO_STOCK) {
			throw new Refused(400, "ERR_STOCK", "Card value is out of stock");
		}
		return card;
	}

}
