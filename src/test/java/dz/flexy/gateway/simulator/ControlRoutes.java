package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;

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
				open("DELETE", "faults", this::clearFaults), open("POST", "drift", this::turn));
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

	/** Takes {@code limit}. */
	private Reply limit(Visit visit) {
		BigDecimal calls = new Fields(visit.body()).number("limit");
		key(visit).window().limit(calls.intValue());
		return Reply.of(Json.object().put("limit", calls.intValue()));
	}

	/**
	 * Takes {@code fault} and, optionally, {@code argument}, {@code on} (the last word of
	 * the routes meant, {@code send} by default) and {@code times}.
	 */
	private Reply script(Visit visit) {
		Fields fields = new Fields(visit.body());
		String name = fields.text("fault");
		Fault fault = NamedFaults.find(name, integer(fields, "argument"))
			.orElseThrow(() -> Refused.invalid("fault", name, "is not a known fault"));
		String word = fields.optionalText("on").orElse("send");
		this.faults.next(fault, RequestMatch.onWord(word)).times(integer(fields, "times"));
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
