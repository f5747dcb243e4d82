package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The simulator's own paths, for tests that run it as a process. They need no key, are
 * neither limited nor logged, and meet no fault. Each POST names its account's
 * {@code key}, the first one by default.
 */
final class ControlRoutes {

	static final String PREFIX = "/__sim/";

	private final Keys keys;

	private final RequestLog log;

	private final Faults faults;

	private final Drift drift;

	ControlRoutes(Keys keys, FrontDesk desk) {
		this.keys = keys;
		this.log = desk.log();
		this.faults = desk.faults();
		this.drift = desk.drift();
	}

	List<Route> all() {
		return List.of(open("GET", "orders", this::orders), open("GET", "requests", this::requests),
				open("POST", "deposit", this::deposit), open("POST", "settle", this::settle),
				open("POST", "limit", this::limit), open("POST", "faults", this::script),
				open("DELETE", "faults", this::clearFaults), open("GET", "faults", this::hits),
				open("GET", "tally", this::tally), open("POST", "drift", this::turn), open("GET", "gifts", this::gifts),
				open("POST", "settle-gift", this::settleGift), open("POST", "stock-gift", this::stockGift),
				open("GET", "links", this::links), open("POST", "settle-link", this::settleLink),
				open("GET", "bills", this::bills), open("POST", "settle-bill", this::settleBill),
				open("POST", "receipt", this::receipt), open("POST", "biller", this::biller));
	}

	private static Route open(String method, String word, Route.Handler handler) {
		return new Route(method, PREFIX + word, true, handler);
	}

	private Reply orders(Visit visit) {
		ObjectNode accounts = Json.object();
		this.keys.all().forEach((key) -> accounts.set(key.text(), ControlView.account(key, visit.now())));
		return Reply.of(accounts);
	}

	private Reply requests(Visit visit) {
		ObjectNode counts = Json.object();
		this.log.perRoute().forEach(counts::put);
		ArrayNode list = Json.array();
		this.log.all().stream().map(ControlView::request).forEach(list::add);
		ObjectNode data = Json.object();
		data.set("counts", counts);
		data.set("requests", list);
		return Reply.of(data);
	}

	/** How many answers of which status, and how many calls were over the limit. */
	private Reply tally(Visit visit) {
		ObjectNode statuses = Json.object();
		this.log.perStatus().forEach((status, count) -> statuses.put(Integer.toString(status), count));
		ObjectNode data = Json.object();
		data.set("statuses", statuses);
		data.put("overLimit", this.keys.all().stream().mapToLong((key) -> key.window().refused()).sum());
		return Reply.of(data);
	}

	/**
	 * How many requests each fault has hit, in the order in which they were asked for.
	 */
	private Reply hits(Visit visit) {
		ArrayNode rules = Json.array();
		this.faults.rules()
			.forEach((rule) -> rules.add(Json.object().put("fault", rule.fault().name()).put("hits", rule.hits())));
		ObjectNode data = Json.object();
		data.set("faults", rules);
		return Reply.of(data);
	}

	private Reply deposit(Visit visit) {
		Book book = key(visit).book();
		book.deposit(new Fields(visit.body()).number("amount"), visit.now());
		return Reply.of(Json.object().put("balance", Json.number(book.balance(visit.now()))));
	}

	/** Takes {@code ref} and {@code status}. */
	private Reply settle(Visit visit) {
		Fields fields = new Fields(visit.body());
		String ref = fields.text("ref");
		Book book = key(visit).book();
		Order order = book.all(visit.now())
			.stream()
			.filter((found) -> found.purchase().ref().equals(ref))
			.findFirst()
			.orElseThrow(() -> Refused.notFound("reference", ref));
		book.settle(order.id(), fields.text("status"), visit.now());
		return Reply.of(ControlView.order(order, visit.now()));
	}

	private Reply gifts(Visit visit) {
		return Reply.of(perKey((key) -> ControlView.gifts(key, visit.now())));
	}

	/** Takes {@code id}, {@code status} and, optionally, {@code cards}. */
	private Reply settleGift(Visit visit) {
		Fields fields = new Fields(visit.body());
		GiftOrder order = key(visit).tenant()
			.gifts()
			.settle(fields.text("id"), fields.text("status"), integer(fields, "cards"), visit.now());
		return Reply.of(ControlView.gift(order, visit.now()));
	}

	/** Takes {@code type} and {@code quantity}. */
	private Reply stockGift(Visit visit) {
		Fields fields = new Fields(visit.body());
		key(visit).tenant().shelf().stock(fields.text("type"), fields.number("quantity").intValue());
		return Reply.of(Json.object());
	}

	private Reply links(Visit visit) {
		return Reply.of(perKey((key) -> ControlView.links(key, visit.now())));
	}

	/** Takes {@code ref} and {@code status}. */
	private Reply settleLink(Visit visit) {
		Fields fields = new Fields(visit.body());
		PaymentLink link = key(visit).tenant().links().settle(fields.text("ref"), fields.text("status"), visit.now());
		return Reply.of(ControlView.link(link, visit.now()));
	}

	private Reply bills(Visit visit) {
		return Reply.of(perKey((key) -> ControlView.bills(key, visit.now())));
	}

	/** Takes {@code id} and {@code status}. */
	private Reply settleBill(Visit visit) {
		Fields fields = new Fields(visit.body());
		BillTransaction found = key(visit).tenant()
			.bills()
			.settle(fields.text("id"), fields.text("status"), visit.now());
		return Reply.of(ControlView.bill(found, visit.now()));
	}

	/**
	 * Takes {@code bytes}, the length of every receipt from now on, and, optionally,
	 * {@code type}.
	 */
	private Reply receipt(Visit visit) {
		Fields fields = new Fields(visit.body());
		String type = fields.optionalText("type").orElse("application/pdf");
		key(visit).tenant().bills().receipt(new Bills.Receipt(type, fields.number("bytes").longValue(), false));
		return Reply.of(Json.object());
	}

	/** Takes {@code partner} and {@code available}. */
	private Reply biller(Visit visit) {
		String partner = new Fields(visit.body()).text("partner");
		key(visit).tenant().bills().available(partner, visit.body().path("available").asBoolean(true));
		return Reply.of(Json.object());
	}

	private ObjectNode perKey(Function<AccessKey, ArrayNode> view) {
		ObjectNode accounts = Json.object();
		this.keys.all().forEach((key) -> accounts.set(key.text(), view.apply(key)));
		return accounts;
	}

	/** Takes {@code limit}. */
	private Reply limit(Visit visit) {
		BigDecimal calls = new Fields(visit.body()).number("limit");
		key(visit).window().limit(calls.intValue());
		return Reply.of(Json.object().put("limit", calls.intValue()));
	}

	/**
	 * Takes {@code fault} and, optionally, {@code argument}, {@code on} (the last word of
	 * the routes meant, {@code send} by default) and {@code times}; or, instead of
	 * {@code times}, {@code chance} (0 to 1) and {@code seed}.
	 */
	private Reply script(Visit visit) {
		Fields fields = new Fields(visit.body());
		String name = fields.text("fault");
		Fault fault = NamedFaults.find(name, integer(fields, "argument"))
			.orElseThrow(() -> Refused.invalid("fault", name, "is not a known fault"));
		String word = fields.optionalText("on").orElse("send");
		FaultRule rule = this.faults.next(fault, RequestMatch.onWord(word)).times(0);
		fields.optionalNumber("chance")
			.ifPresentOrElse((chance) -> rule.withProbability(chance.doubleValue(), integer(fields, "seed")),
					() -> rule.times(integer(fields, "times")));
		return Reply.of(Json.object().put("fault", name).put("on", word));
	}

	private Reply clearFaults(Visit visit) {
		this.faults.clear();
		return Reply.of(Json.object());
	}

	/** Takes {@code on} and {@code off}, arrays of quirk names. */
	private Reply turn(Visit visit) {
		each(visit.body().path("on"), this.drift::on);
		each(visit.body().path("off"), this.drift::off);
		return Reply.of(Json.object());
	}

	private static void each(JsonNode names, Consumer<Quirk> turn) {
		names.forEach((name) -> turn.accept(Quirk.valueOf(name.asString(""))));
	}

	private static int integer(Fields fields, String name) {
		return fields.optionalNumber(name).orElse(BigDecimal.ONE).intValue();
	}

	private AccessKey key(Visit visit) {
		String text = new Fields(visit.body()).optionalText("key").orElse("");
		return text.isEmpty() ? this.keys.all().iterator().next()
				: this.keys.find(text).orElseThrow(() -> Refused.notFound("key", text));
	}

}
