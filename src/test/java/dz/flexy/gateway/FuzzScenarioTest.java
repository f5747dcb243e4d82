package dz.flexy.gateway;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.RawHttp.Reply;
import dz.flexy.gateway.RawHttp.Said;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.simulator.ReceivedRequest;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever one caller sends, over one gateway on whose ledger another caller's orders
 * stand: it is answered, by no fault of the gateway's and with nothing of the other's,
 * and nothing comes upstream but what the contract names.
 */
class FuzzScenarioTest {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final Set<String> SENDS = Set.of("/v3/internet/send", "/v3/mobile/send",
			"/v3/gift-cards/placeOrder");

	private static final Set<String> PASSED_PURCHASES = Set.of("/v3/bills/pay", "/v3/ocpay/createLink");

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** For a request that is not whole: the gateway may wait for its rest. */
	private static final Duration SILENCE = Duration.ofMillis(60);

	/**
	 * What the server's decoder refuses by itself has no request that an id or an
	 * envelope could belong to.
	 */
	private static final Set<Integer> OF_THE_DECODER = Set.of(400, 414, 431);

	private static final Pattern INNER = Pattern.compile("(?m)^\\s*at [\\w.$/]+\\(|\\w(Exception|Error)\\b"
			+ "|\\b(java|javax|reactor|io\\.netty|io\\.r2dbc|org\\.springframework|tools\\.jackson|dz\\.flexy)\\.\\w"
			+ "|\\borders_\\w+|\\bselect .* from ");

	private static final Pattern PASSED = Pattern.compile("/v3/(account/transactions|bills/|ocpay/)");

	private static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9_.~-]{1,100})+");

	private static final GatewayUnderTest gateway = GatewayUnderTest.start(
			Map.of("gateway.callers.shop.scopes",
					Stream.of(Scope.values())
						.filter((scope) -> scope != Scope.OPERATOR && scope != Scope.ACCOUNT_READ)
						.map(Scope::label)
						.collect(Collectors.joining(",")),
					"gateway.callers.shop.limit", 1_000_000, "gateway.failed-attempts.limit", 100_000,
					"gateway.upstream.accounts.main.limit", 100_000),
			(simulator) -> simulator.limit(100_000));

	/** Words of the other caller's orders that no answer to the one may hold. */
	private static List<String> others = List.of();

	private static List<String> words = List.of();

	/** Requests of which each could be one purchase. */
	private static int orders;

	/** How many of the upstream's requests were looked at. */
	private static int seen;

	@BeforeContainer
	static void buy() {
		gateway.upstream().account("sim-key-1").deposit(new BigDecimal("100000000"));
		List<String> own = bought(GatewayUnderTest.KEY, "own", "1");
		List<String> others = bought(GatewayUnderTest.OTHER_KEY, "canary", "7");
		FuzzScenarioTest.others = others;
		words = Stream.of(own, others.subList(0, 6)).flatMap(List::stream).toList();
		List<ReceivedRequest> upstream = gateway.upstream().requests().all();
		seen = upstream.size();
		orders = (int) upstream.stream().filter(FuzzScenarioTest::buys).count();
	}

	/** Another one than before would be a leak as well. */
	@AfterContainer
	static void servesAsBefore() {
		try (GatewayUnderTest closing = gateway) {
			assertThat(Objects.requireNonNull(closing.get("/orders").block(GatewayUnderTest.patience())).status())
				.isEqualTo(200);
			bought(GatewayUnderTest.KEY, "after", "2");
		}
	}

	@Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
	void whateverIsSentIsAnsweredWithoutFaultOrLeak(@ForAll("shots") Shot shot) {
		orders += isOrder(shot) ? 1 : 0;

		Said said = new RawHttp(gateway.uri()).say(shot.bytes(), shot.isSound() ? PATIENCE : SILENCE);

		List<Reply> replies = said.replies();
		if (shot.isSound()) {
			assertThat(said.text()).isNotEmpty();
			assertThat(said.closed() || said.text().contains("text/event-stream")).isTrue();
			assertThat(replies).hasSize(1);
		}
		replies.forEach((reply) -> check(shot, reply));
		assertThat(INNER.matcher(said.text()).results().map((found) -> found.group())).isEmpty();
		assertThat(others).noneMatch((word) -> said.text().contains(word) && !shot.text().contains(word));
		List<ReceivedRequest> upstream = gateway.upstream().requests().all();
		upstream.subList(seen, upstream.size()).forEach(FuzzScenarioTest::checkUpstream);
		seen = upstream.size();
		assertThat(upstream.stream().filter(FuzzScenarioTest::buys).count()).isLessThanOrEqualTo(orders);
		collect(shot, replies);
	}

	@Provide
	Arbitrary<Shot> shots() {
		return new Shots(words).any();
	}

	private static void check(Shot shot, Reply reply) {
		assertThat(reply.status()).isBetween(200, 499);
		String id = reply.header("X-Request-ID");
		if (id.isEmpty()) {
			assertThat(reply.status()).isIn(OF_THE_DECODER);
			assertThat(reply.body()).isEmpty();
		}
		else if (reply.status() >= 400 && !shot.method().equals("HEAD")) {
			checkRefusal(JSON.readTree(reply.body()), PASSED.matcher(shot.path()).find() ? "" : id);
			assertThat(reply.header("Content-Type")).startsWith("application/json");
		}
	}

	/**
	 * The upstream's own envelopes are passed untouched.
	 * @param id of ours, empty where it may be the upstream's
	 */
	private static void checkRefusal(JsonNode body, String id) {
		assertThat(body.propertyNames()).contains("success", "error", "requestId");
		assertThat(body.path("success").booleanValue()).isFalse();
		assertThat(body.at("/error/code").asString()).matches("[A-Z_]+");
		if (!id.isEmpty()) {
			assertThat(body.propertyNames()).hasSize(3);
			assertThat(body.at("/error/message").asString()).startsWith(body.at("/error/code").asString() + ": ");
			assertThat(body.path("requestId").asString()).isEqualTo(id);
		}
	}

	private static void checkUpstream(ReceivedRequest request) {
		assertThat(RouteScopes.table())
			.containsKey(request.method() + " " + request.template().replaceAll("\\{\\w+}", "{}"));
		assertThat(request.path()).matches(PLAIN_PATH).doesNotContain("/../", "/./").doesNotEndWith("/.");
		assertThat(request.key()).isEqualTo("sim-key-1");
		if (request.isSend()) {
			assertThat(isSend(request.template(), request.body().getBytes(StandardCharsets.UTF_8))).as(request.body())
				.isTrue();
		}
	}

	private static boolean buys(ReceivedRequest request) {
		return request.method().equals("POST") && !request.path().endsWith("/discover");
	}

	/** Whether a purchase may come of it. */
	private static boolean isOrder(Shot shot) {
		JsonNode body = parse(shot.order());
		return shot.method().equals("POST") && (isInternet(body) || isMobile(body) || isGiftCard(body)
				|| body.isObject() && PASSED_PURCHASES.contains(shot.path()));
	}

	private static boolean isSend(String path, byte[] sent) {
		JsonNode body = parse(sent);
		return switch (path) {
			case "/v3/internet/send" -> isInternet(body);
			case "/v3/mobile/send" -> isMobile(body) && body.path("amount").isNumber();
			default -> isGiftCard(body);
		};
	}

	private static boolean isInternet(JsonNode body) {
		String number = body.path("type").asString("").equals("4G") ? "213[0-9]{9}" : "0[0-9]{8}";
		return Set.of("ADSL", "4G").contains(body.path("type").asString(""))
				&& body.path("number").asString("").matches(number) && isWhole(body.path("value"), 1, 99_999_999);
	}

	private static boolean isMobile(JsonNode body) {
		return !body.path("plan_code").asString("").isBlank()
				&& body.path("MSSIDN").asString("").matches("0[567][0-9]{8}")
				&& (!body.hasNonNull("amount") || isWhole(body.path("amount"), 0, 99_999_999));
	}

	private static boolean isGiftCard(JsonNode body) {
		return body.path("productId").asString("").matches("[A-Za-z0-9_-]{1,64}")
				&& !body.path("typeId").asString("").isBlank() && isWhole(body.path("quantity"), 1, 10_000);
	}

	private static boolean isWhole(JsonNode node, long least, long most) {
		return node.isNumber() && node.decimalValue().compareTo(BigDecimal.valueOf(least)) >= 0
				&& node.decimalValue().compareTo(BigDecimal.valueOf(most)) <= 0
				&& node.decimalValue().stripTrailingZeros().scale() <= 0;
	}

	private static JsonNode parse(byte[] body) {
		try {
			return JSON.readTree(body);

		}
		catch (JacksonException |

				NumberFormatException malformed) {
			return JSON.missingNode();
		}
	}

	/** Shows how deep the requests get, and fails if they no longer do. */
	private static void collect(Shot shot, List<Reply> replies) {
		String first = replies.isEmpty() ? "none" : Integer.toString(replies.getFirst().status());
		Statistics.label("status").collect(first).coverage((coverage) -> {
			coverage.check("200").percentage((share) -> share > 5);
			coverage.check("400").percentage((share) -> share > 10);
			coverage.check("none").percentage((share) -> share < 10);
		});
		Statistics.label("of sound sends")
			.collect(SENDS.contains(shot.path()) && shot.method().equals("POST") && shot.isSound() ? first : "-");
	}

	/** Buys one of each family and tells what an answer could show of them. */
	private static List<String> bought(String key, String word, String digit) {
		String pad = digit.repeat(5);
		List<String> seen = new ArrayList<>();
		seen.add(buy(key, "/v3/internet/send",
				Map.of("type", "ADSL", "number", "0" + pad + "180", "value", 500, "ref", word + "-internet-ref")));
		seen.add(buy(key, "/v3/mobile/send", Map.of("plan_code", "PREPAID_MOBILIS", "MSSIDN", "06" + pad + "180",
				"amount", 100, "ref", word + "-mobile-ref")));
		seen.add(buy(key, "/v3/gift-cards/placeOrder", Map.of("productId", "507f1f77bcf86cd799439099", "typeId",
				"SIM_AT_ONCE", "quantity", 2, "ref", word + "-gift-ref")));
		List<String> cards = seen.stream().flatMap((id) -> card(key, id)).toList();
		assertThat(cards).hasSizeGreaterThanOrEqualTo(3).allMatch((code) -> code.length() >= 4);
		seen.addAll(List.of(word + "-internet-ref", word + "-mobile-ref", word + "-gift-ref"));
		seen.addAll(List.of("0" + pad + "180", "06" + pad + "180"));
		seen.addAll(cards);
		return seen;
	}

	private static String buy(String key, String path, Map<String, Object> order) {
		JsonNode data = answer(gateway.client(key).post().uri(path).bodyValue(order)).data();
		String id = data.path("topupId").asString(data.path("orderId").asString(""));
		assertThat(id).as("%s", data).hasSize(24);
		gateway.stream(key, "/orders/" + id + "/events", "0").blockLast(GatewayUnderTest.patience());
		return id;
	}

	private static Stream<String> card(String key, String id) {
		JsonNode card = answer(gateway.client(key).get().uri("/orders/" + id + "/card")).data();
		return Stream.of("card_code", "value").flatMap((field) -> card.findValuesAsString(field).stream());
	}

	private static Answer answer(WebClient.RequestHeadersSpec<?> request) {
		return Objects.requireNonNull(request.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience()));
	}

}
