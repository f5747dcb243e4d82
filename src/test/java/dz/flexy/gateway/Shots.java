package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import dz.flexy.gateway.Shot.Framing;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Requests around the routes that there are: mostly right, with something wrong in the
 * path, the query, a header or the body, so that they get far.
 */
final class Shots {

	/** One out of so many of these has something odd. */
	private static final int MOSTLY = 8;

	private static final List<String> ROUTES = Stream
		.concat(RouteScopes.table().keySet().stream().filter((route) -> !route.startsWith("GET /docs/")),
				Stream.of("GET /v3", "GET /v3/nothing", "GET /track/{}", "GET /actuator/health"))
		.toList();

	private static final List<String> WRITES = ROUTES.stream().filter((route) -> route.startsWith("POST /v3")).toList();

	private static final List<String> PARAMETERS = List.of("type", "number", "page", "pageSize", "from", "to", "cursor",
			"ref", "state", "number", "search", "final", "limit", "ticket", "status", "partner", "transactionId");

	private static final List<String> VALUES = List.of("", "0", "1", "-1", "20", "101", "1e9", "2147483648", "ADSL",
			"4G", "036362680", "036362601", "213555123480", "0660000080", "2025-10-29T00:35:58.710Z",
			"2099-01-01T00:00:00Z", "2025-13-40", "%2B999999999-12-31T23:59:59Z", "FULFILLED", "HANDLING", "%00", "%FF",
			"%C3%28", "a%20b", "+", "'", "%22", "%0d%0aX-A:%20b", "{}", "[]", "a;b", "%25", "x");

	private static final List<String> HEADERS = List.of("Accept", "Content-Type", "Idempotency-Key", "Prefer",
			"Last-Event-ID", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded", "Expect",
			"Upgrade", "Connection", "Content-Encoding", "Accept-Encoding", "Range", "If-None-Match", "Cookie",
			"X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Request-ID", "Origin", "Host", "TE",
			"Authorization", "X-Access-Token", "Transfer-Encoding", "Content-Length", "HTTP2-Settings");

	private static final List<String> HEADER_VALUES = List.of("", "x", "application/json", "text/event-stream",
			"*/*;q=2", "a/b/c", "text/plain; charset=nothing", "respond-async", "1", "-1", "99999999999999999999", "0",
			"evil.example", "evil.example:99999", "[::1", "localhost:0", "h2c", "websocket", "keep-alive, Upgrade",
			"100-continue", "gzip", "gzip, br, deflate", "bytes=0-1", "for=\"[::1\"", "DELETE", "/orders", "chunked",
			"a\u0000b", "a\rb", "a\nb", "a\r\nX-Injected: b", "a\r\n b", "caf\u00e9", "\u00ff", "\t", "%00", "\"");

	private static final List<String> FIELDS = List.of("type", "number", "value", "ref", "max_cost", "plan_code",
			"MSSIDN", "amount", "productId", "typeId", "quantity", "partner", "account", "transactionId", "billId",
			"billIds", "productInfo", "feeMode", "redirectUrl");

	private static final List<String> JSON = List.of("null", "true", "0", "-1", "1.5", "500", "1000", "1000000000",
			"1e400", "1e999999999", "-1e-999999999", "1e99999999999", "9".repeat(2000), "\"\"", "\"1000\"", "\"x\"",
			"\"../../ping\"", "\"a/b\"", "\"%2e%2e\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\u202e\"", "\"\\r\\nX: y\"",
			"\"' or 1=1\"", "[]", "{}", "[\"ADSL\"]", "{\"a\":1}", "\"" + "x".repeat(101) + "\"", "NaN", "0x10", "01",
			"'a'", "[".repeat(2000));

	/** Made once: some are large. */
	private static final List<byte[]> NO_ORDERS = List.of(utf8("[".repeat(60_000)), utf8("{\"a\":".repeat(10_000)),
			utf8("{\"x\":\"" + "a".repeat(70_000) + "\"}"), utf8("9".repeat(60_000)), utf8("1e999999999"),
			gzip(new byte[1_000_000]), utf8("type=ADSL&number=036362601"), utf8("null"), utf8("[]"),
			"{\"type\":\"ADSL\"}".getBytes(StandardCharsets.UTF_16),
			utf8("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"));

	private final List<String> words;

	/**
	 * Requests that name these things.
	 * @param words ids and references
	 */
	Shots(List<String> words) {
		this.words = Stream
			.concat(words.stream(), Stream.of("x", ".", "..", "%2e%2e", "..%2f", "%00", "%FF", "a%2Fb", "a;b=c",
					"507f1f77bcf86cd799439011", "by-ref", "events", "0123456789abcdef01234567", "x".repeat(300)))
			.toList();
	}

	Arbitrary<Shot> any() {
		return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.of(ROUTES)), Tuple.of(2, Arbitraries.of(WRITES)))
			.flatMap((route) -> {
				String method = route.substring(0, route.indexOf(' '));
				return Combinators
					.combine(methods(method), targets(route.substring(route.indexOf(' ') + 1)), keys(), headers(),
							bodies(method, route), framings())
					.as((used, target, key, headers, body, framing) -> new Shot(used, target.get1(), target.get2(), key,
							headers, body, framing));
			});
	}

	private static Arbitrary<String> methods(String method) {
		return rarely(method, Arbitraries.of("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE",
				"CONNECT", "get", "PROPFIND", "", "G\u0000T", "X".repeat(200)));
	}

	private static Arbitrary<String> keys() {
		return Arbitraries.frequency(Tuple.of(20, GatewayUnderTest.KEY), Tuple.of(1, ""), Tuple.of(1, "sim-key-1"),
				Tuple.of(1, "SHOP-KEY"), Tuple.of(1, "k".repeat(5000)));
	}

	private static Arbitrary<Framing> framings() {
		return Arbitraries.frequencyOf(Tuple.of(16, Arbitraries.just(Framing.LENGTH)),
				Tuple.of(3, Arbitraries.just(Framing.CHUNKS)), Tuple.of(2, Arbitraries.of(Framing.class)));
	}

	/** Target and version. */
	private Arbitrary<Tuple.Tuple2<String, String>> targets(String template) {
		Arbitrary<String> versions = Arbitraries.frequency(Tuple.of(60, "HTTP/1.1"), Tuple.of(1, "HTTP/1.0"),
				Tuple.of(1, "HTTP/2.0"), Tuple.of(1, "HTTP/9.9"), Tuple.of(1, "http/1.1"), Tuple.of(1, ""));
		return Combinators
			.combine(Arbitraries.of(this.words), Arbitraries.integers().between(0, 1000), twists(), queries(), versions)
			.as((word, place, twist, query, version) -> {
				String path = template.replace("{}", word);
				return Tuple.of(twist.at(path, place % Math.max(1, path.length())) + query, version);
			});
	}

	private static Arbitrary<Twist> twists() {
		return rarely((path, place) -> path,
				Arbitraries.oneOf(Arbitraries.of(TWISTS),
						Arbitraries.chars()
							.range('\u0000', '\u00ff')
							.map((c) -> (path, place) -> path.substring(0, place) + c + path.substring(place))));
	}

	private Arbitrary<String> queries() {
		Arbitrary<String> values = Arbitraries.oneOf(Arbitraries.of(VALUES), Arbitraries.of(this.words),
				Arbitraries.strings().withCharRange('!', '~').ofMaxLength(20));
		Arbitrary<String> pairs = Combinators
			.combine(Arbitraries.of(PARAMETERS), values, Arbitraries.of("=", "=", "=", "=", "=", "[]=", "", "=="))
			.as((name, value, sign) -> name + sign + value);
		return Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.just("")),
				Tuple.of(8, pairs.list().ofMinSize(1).ofMaxSize(4).map((all) -> "?" + String.join("&", all))),
				Tuple.of(1, Arbitraries.of("?type=ADSL", "?type=ADSL&number=036362680", "?page=1&pageSize=5",
						"?" + "a&".repeat(3500), "?" + "a=1&".repeat(10_000), "?&&==&", "?%", "??", "?#", "?\u0000")));
	}

	private static Arbitrary<List<String>> headers() {
		Arbitrary<String> values = Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.of(HEADER_VALUES)),
				Tuple.of(1, Arbitraries.strings().withCharRange('\u0000', '\u00ff').ofMaxLength(30)));
		Arbitrary<String> lines = Combinators.combine(Arbitraries.of(HEADERS), values)
			.as((name, value) -> name + ": " + value);
		Arbitrary<List<String>> some = lines.list().ofMinSize(1).ofMaxSize(3);
		Arbitrary<List<String>> odd = Arbitraries
			.of("no colon", ": no name", "a b: c", " : x", "x".repeat(20_000) + ": x",
					"Cookie: " + "a=b; ".repeat(4000), "\u0000: x", "X-\u00e9: x")
			.map(List::of);
		return Arbitraries.frequencyOf(Tuple.of(12, Arbitraries.just(List.of("Content-Type: application/json"))),
				Tuple.of(2, lines.map((line) -> List.of("Content-Type: application/json", line))), Tuple.of(2, some),
				Tuple.of(1, odd));
	}

	private static Arbitrary<byte[]> bodies(String method, String route) {
		Arbitrary<byte[]> none = Arbitraries.just(new byte[0]);
		Arbitrary<byte[]> order = orders(route);
		return method.equals("POST")
				? Arbitraries.frequencyOf(Tuple.of(12, order), Tuple.of(3, garbled(order)), Tuple.of(1, none))
				: Arbitraries.frequencyOf(Tuple.of(20, none), Tuple.of(1, order), Tuple.of(1, garbled(order)));
	}

	private static Arbitrary<byte[]> orders(String route) {
		Arbitrary<Map<String, String>> sound = Arbitraries.of(samples(route));
		Arbitrary<String> refs = Arbitraries.frequencyOf(
				Tuple.of(4,
						Arbitraries.integers().between(0, Integer.MAX_VALUE).map((n) -> ",\"ref\":\"fuzz-" + n + "\"")),
				Tuple.of(1, Arbitraries.just("")), Tuple.of(1, Arbitraries.just(",\"ref\":\"again\"")));
		Arbitrary<String> plain = Combinators.combine(sound, refs).as((fields, ref) -> object(fields, ref));
		Arbitrary<String> changed = Combinators.combine(sound, Arbitraries.of(FIELDS), Arbitraries.of(JSON), refs)
			.as((fields, name, value, ref) -> object(with(fields, name, value), ref));
		Arbitrary<String> own = Combinators
			.combine(sound, Arbitraries.integers().between(0, 9), Arbitraries.of(JSON), refs)
			.as((fields, index, value, ref) -> object(with(fields,
					fields.keySet().stream().sorted().skip(index % fields.size()).findFirst().orElseThrow(), value),
					ref));
		Arbitrary<String> twice = Combinators.combine(sound, Arbitraries.of(FIELDS), Arbitraries.of(JSON))
			.as((fields, name, value) -> object(fields, ",\"" + name + "\":" + value + ",\"" + name + "\":1"));
		return Arbitraries.frequencyOf(Tuple.of(5, plain), Tuple.of(2, changed), Tuple.of(4, own), Tuple.of(1, twice))
			.map(Shots::utf8);
	}

	/** What is no JSON, or no JSON that anybody would write. */
	private static Arbitrary<byte[]> garbled(Arbitrary<byte[]> orders) {
		return Arbitraries.oneOf(Arbitraries.of(NO_ORDERS), Arbitraries.bytes().array(byte[].class).ofMaxSize(200),
				Combinators.combine(orders, Arbitraries.integers().between(0, 1000), Arbitraries.bytes())
					.as((order, place, odd) -> {
						byte[] copy = order.clone();
						copy[place % copy.length] = odd;
						return copy;
					}),
				Combinators.combine(orders, Arbitraries.integers().between(0, 1000))
					.as((order, end) -> Arrays.copyOf(order, end % order.length)),
				orders.map((order) -> join(new byte[] { (byte) 0xef, (byte) 0xbb, (byte) 0xbf }, order)),
				orders.map(Shots::gzip), orders.map((order) -> join(order, order)));
	}

	private static List<Map<String, String>> samples(String route) {
		return switch (route) {
			case "POST /v3/mobile/send" ->
				List.of(Map.of("plan_code", "\"PREPAID_MOBILIS\"", "MSSIDN", "\"0660000080\"", "amount", "100"),
						Map.of("plan_code", "\"MIX1000_OOREDOO\"", "MSSIDN", "\"0550000080\""));
			case "POST /v3/gift-cards/placeOrder" -> List
				.of(Map.of("productId", "\"507f1f77bcf86cd799439099\"", "typeId", "\"SIM_AT_ONCE\"", "quantity", "2"));
			case "POST /v3/bills/discover" -> List.of(Map.of("partner", "\"ADE\"", "account", "{\"reference\":\"1\"}"));
			case "POST /v3/bills/pay" ->
				List.of(Map.of("transactionId", "\"0123456789abcdef01234567\"", "billId", "\"bill-1\""));
			case "POST /v3/ocpay/createLink" ->
				List.of(Map.of("productInfo", "{\"title\":\"Order\",\"amount\":500}", "feeMode", "\"NO_FEE\""));
			default -> List.of(Map.of("type", "\"ADSL\"", "number", "\"036362680\"", "value", "500"),
					Map.of("type", "\"4G\"", "number", "\"213555123480\"", "value", "1000", "max_cost", "990"));
		};
	}

	private static Map<String, String> with(Map<String, String> fields, String name, String value) {
		Map<String, String> changed = new java.util.HashMap<>(fields);
		changed.put(name, value);
		return changed;
	}

	private static String object(Map<String, String> fields, String more) {
		List<String> all = new ArrayList<>();
		fields.forEach((name, value) -> all.add("\"" + name + "\":" + value));
		return "{" + String.join(",", all) + more + "}";
	}

	private static <T> Arbitrary<T> rarely(T usual, Arbitrary<? extends T> odd) {
		return Arbitraries.frequencyOf(Tuple.of(MOSTLY - 1, Arbitraries.just(usual)), Tuple.of(1, odd));
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

	static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
			out.write(bytes);
		}
		catch (IOException impossible) {
			throw new UncheckedIOException(impossible);
		}
		return zipped.toByteArray();
	}

	/** Changes a path at some place of it. */
	interface Twist {

		String at(String path, int place);

	}

	/** What a proxy and the server behind it may read in two ways. */
	static final List<Twist> TWISTS = twistsOf(List.of((path) -> "/" + path, (path) -> path + "/",
			(path) -> path + "/.", (path) -> path + "/..", (path) -> path + "//", (path) -> "/v3/.." + path,
			(path) -> "/./" + path.substring(1), (path) -> "/%2e%2e" + path, (path) -> "/orders/%2e%2e" + path,
			(path) -> path.replace("/v3", "/v3/"), (path) -> path.replaceFirst("/v3/", "/v3/./"),
			(path) -> path.replaceFirst("/v3/", "/v3/x/../"), (path) -> path.replaceFirst("/v3/", "/v3/x/%2e%2e/"),
			(path) -> path.replaceFirst("/v3/", "/v3%2f"), (path) -> path.replaceFirst("/v3/", "/v3%5c"),
			(path) -> path.replaceFirst("/v3/", "/v3%252f"), (path) -> path.replace('/', '\\'), (path) -> path + "\\..",
			(path) -> path + "%2f..", (path) -> path + ";a=b", (path) -> path.replaceFirst("/v3", "/v3;a=b"),
			(path) -> path + ";/../x", (path) -> path + "%00", (path) -> path + "%0d%0a", (path) -> path + "%",
			(path) -> path + "%zz", (path) -> path + "#f", (path) -> path + "%3fa=b", (path) -> path + "@evil.example",
			(path) -> "http://evil.example" + path, (path) -> "http://localhost" + path,
			(path) -> "https://user:pass@evil.example:99999" + path, (path) -> "//evil.example" + path,
			(path) -> "http://[::1" + path, (path) -> "ftp:" + path, (path) -> "evil.example:80", (path) -> "*",
			(path) -> "", (path) -> path.substring(1), (path) -> path.toUpperCase(java.util.Locale.ROOT),
			(path) -> path + " HTTP/1.1\r\nX-Injected: x\r\nX-Rest:", (path) -> path + "\r\n\r\nGET /v3/ping",
			(path) -> path + "x".repeat(9000)));

	private static List<Twist> twistsOf(List<UnaryOperator<String>> whole) {
		List<Twist> twists = new ArrayList<>();
		whole.forEach((change) -> twists.add((path, place) -> change.apply(path)));
		twists.add((path, place) -> path.substring(0, place) + "%%%02x".formatted((int) path.charAt(place))
				+ path.substring(place + 1));
		twists.add((path, place) -> path.substring(0, place) + path.substring(place + 1));
		twists.add((path, place) -> path.substring(0, place) + "//" + path.substring(place));
		return twists;
	}

	/** Every path of a list, changed in every way. */
	static Stream<String> twisted(String path) {
		return TWISTS.stream()
			.flatMap((twist) -> IntStream.of(1, path.length() - 1).mapToObj((place) -> twist.at(path, place)))
			.distinct();
	}

}
