package dz.flexy.gateway;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.SimulatedGiftOrder;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;

import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The process stops at each point of an order's way, for orders with a ref, without one,
 * with an {@code Idempotency-Key}, of gift cards, and for a payment that is passed on. A
 * second gateway stands by that only looks up; one that sends takes its place in the end.
 * The upstream's books and the ledger are the judges.
 */
@Order(3)
@Tag("proof")
@TestInstance(Lifecycle.PER_CLASS)
class CrashPointTest {

	/** What is left to send comes last: a later process would send it, and come too. */
	private static final List<CrashPoint> ORDER = List.of(CrashPoint.AFTER_FIRST_BYTE, CrashPoint.AFTER_LAST_BYTE,
			CrashPoint.AFTER_SENDING, CrashPoint.AFTER_ANSWER, CrashPoint.BEFORE_OUTCOME, CrashPoint.AFTER_PERMIT,
			CrashPoint.AFTER_OUTCOME, CrashPoint.BEFORE_ACCEPTANCE, CrashPoint.AFTER_ACCEPTANCE);

	/** One lane for each point: none waits for another's. */
	private static final List<String> CARDS = List.of("507f1f77bcf86cd799439011 type_001",
			"507f1f77bcf86cd799439011 type_002", "507f1f77bcf86cd799439012 type_011",
			"507f1f77bcf86cd799439014 type_031", "507f1f77bcf86cd799439099 SIM_AT_ONCE",
			"507f1f77bcf86cd799439011 TEST_PARTIAL", "507f1f77bcf86cd799439012 TEST_PARTIAL",
			"507f1f77bcf86cd799439014 TEST_PARTIAL", "507f1f77bcf86cd799439099 TEST_PARTIAL");

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Map<CrashPoint, Integer> exits = new EnumMap<>(CrashPoint.class);

	private final Map<CrashPoint, String> bills = new EnumMap<>(CrashPoint.class);

	private GatewayUnderTest standing;

	private GatewayUnderTest taker;

	@BeforeAll
	void stopAtEachPoint(@TempDir Path directory) {
		this.standing = GatewayUnderTest.start(settings(Map.of("gateway.dispatch.hold", true)));
		this.standing.upstream().account("sim-key-1").deposit(new BigDecimal("1000000"));
		discover();
		ORDER.forEach((point) -> stopAt(point, directory));
		this.standing.stop();
		leasesRunOut();
		this.taker = this.standing.another(settings(Map.of()));
	}

	@AfterAll
	void close() {
		if (this.taker != null) {
			this.taker.close();
		}
		this.standing.close();
	}

	@ParameterizedTest
	@EnumSource
	void anOrderWithARefIsBoughtOnceAndFoundByIt(CrashPoint point) {
		assertThat(this.exits).containsEntry(point, point.exit());
		Map<String, Object> body = internet(point, 1, ref(point));
		Answer again = repeated(() -> post(this.taker.uri(), "/v3/internet/send", body, ""),
				(answer) -> answer.code().equals("DUPLICATED_REF") || answer.status() == 200);

		JsonNode order = this.taker.get("/v3/internet/check-ref/{ref}", ref(point)).map(Answer::data).block(PATIENCE);
		assertThat(again.status()).isEqualTo((point == CrashPoint.BEFORE_ACCEPTANCE) ? 200 : 403);
		assertThatItEndsBoughtOnce(order.path("_id").asString(), number(point, 1));
	}

	@ParameterizedTest
	@EnumSource
	void anOrderWithAKeyIsBoughtOnceAndReplayed(CrashPoint point) {
		Answer again = repeated(
				() -> post(this.taker.uri(), "/v3/internet/send", internet(point, 2, ""), "key-" + point.name()),
				(answer) -> answer.status() == 200);

		assertThat(ledger("number", number(point, 2))).singleElement().isEqualTo(again.topupId());
		assertThatItEndsBoughtOnce(again.topupId(), number(point, 2));
	}

	@ParameterizedTest
	@EnumSource
	void anOrderThatCannotBeRepeatedIsBoughtOnceIfAccepted(CrashPoint point) {
		List<String> accepted = ledger("number", line(point));

		assertThat(accepted).hasSize((point == CrashPoint.BEFORE_ACCEPTANCE) ? 0 : 1);
		accepted.forEach((id) -> assertThatItEndsBoughtOnce(id, line(point)));
		assertThat(bought(line(point))).hasSameSizeAs(accepted);
	}

	/** What was sent is adopted, for nobody else buys; what was not is the operator's. */
	@ParameterizedTest
	@EnumSource
	void giftCardsAreAskedForOnceAtMost(CrashPoint point) {
		String[] card = CARDS.get(point.ordinal()).split(" ");
		List<String> accepted = ledger("product || ' ' || card_type", CARDS.get(point.ordinal()));
		assertThat(accepted).hasSize((point == CrashPoint.BEFORE_ACCEPTANCE) ? 0 : 1);
		List<JsonNode> ends = accepted.stream().map(this::settled).toList();

		List<SimulatedGiftOrder> bought = this.standing.upstream()
			.account("sim-key-1")
			.giftOrders()
			.stream()
			.filter((order) -> order.product().equals(card[0]) && order.type().equals(card[1]))
			.toList();
		assertThat(requests("/v3/gift-cards/placeOrder", card[1]).filter((request) -> request.body().contains(card[0])))
			.hasSizeLessThanOrEqualTo(1);
		boolean unsent = isCertain(point) ? point == CrashPoint.AFTER_SENDING || point == CrashPoint.AFTER_FIRST_BYTE
				: bought.isEmpty();
		assertThat(bought).hasSize((point == CrashPoint.BEFORE_ACCEPTANCE || unsent) ? 0 : 1);
		assertThat(ends).allSatisfy((end) -> {
			assertThat(end.path("state").asString()).isEqualTo(unsent ? "SEND_UNKNOWN" : bought.getFirst().status());
			assertThat(end.path("upstreamId").asString("")).isEqualTo(unsent ? "" : bought.getFirst().id());
			assertThatNoEventIsMissing(end.path("orderId").asString());
		});
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "BEFORE_ACCEPTANCE", "AFTER_ACCEPTANCE" })
	void aPaymentIsPassedOnOnceAtMost(CrashPoint point) {
		String bill = this.bills.get(point);
		List<String> states = this.standing.database()
			.client()
			.sql("select state from passthrough_payment where transaction_id = :bill")
			.bind("bill", bill)
			.mapValue(String.class)
			.all()
			.collectList()
			.filter((found) -> !found.contains("SENDING"))
			.doOnNext((found) -> found.removeIf("NOT_SENT"::equals))
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(100)))
			.block(PATIENCE);

		boolean unsent = point.compareTo(CrashPoint.AFTER_FIRST_BYTE) <= 0;
		assertThat(requests("/v3/bills/pay", bill)).hasSizeBetween(isCertain(point) && !unsent ? 1 : 0, unsent ? 0 : 1);
		assertThat(states).isEqualTo(switch (point) {
			case AFTER_PERMIT -> List.of();
			case AFTER_OUTCOME -> List.of("ANSWERED");
			default -> List.of("UNKNOWN");
		});
	}

	/** Nobody waits here for what the dead have claimed, nor for the next look. */
	private void leasesRunOut() {
		sql("update passthrough_payment set overdue_at = now()");
		sql("update orders_order set due_at = now() where state in ('ACCEPTED', 'SENDING', 'SEND_UNKNOWN')");
	}

	private void sql(String statement) {
		this.standing.database().client().sql(statement).then().block(PATIENCE);
	}

	/** The socket has taken all, but it dies with an unread answer, or none. */
	private static boolean isCertain(CrashPoint point) {
		return point != CrashPoint.AFTER_LAST_BYTE;
	}

	private void stopAt(CrashPoint point, Path directory) {
		String[] card = CARDS.get(point.ordinal()).split(" ");
		Asked withRef = new Asked("/v3/internet/send", internet(point, 1, ref(point)), "");
		Asked withKey = new Asked("/v3/internet/send", internet(point, 2, ""), "key-" + point.name());
		Asked bare = new Asked("/v3/mobile/send",
				Map.of("plan_code", "PREPAID_DJEZZY", "MSSIDN", line(point), "amount", 500), "");
		Asked cards = new Asked("/v3/gift-cards/placeOrder",
				Map.of("productId", card[0], "typeId", card[1], "quantity", 2), "");
		if (point.isOfAcceptance()) {
			/* Two statements at once: what comes then waits and would not get there. */
			stopAt(point, directory, List.of(withRef, withKey));
			stopAt(point, directory, List.of(bare, cards));
		}
		else {
			stopAt(point, directory,
					List.of(withRef, withKey, bare, cards, new Asked("/v3/bills/pay", payment(point), "")));
		}
	}

	/**
	 * In a process of its own; what it may have answered is in the ledger. What it leaves
	 * to be sent rests: its claim may run out before the next process stops, and that one
	 * would stop in the middle of it.
	 */
	private void stopAt(CrashPoint point, Path directory, List<Asked> asked) {
		GatewaySettings settings = GatewayUnderTest.settings(this.standing.upstream(), this.standing.database());
		settings(Map.of("crash.point", point, "crash.expected", asked.size(), "gateway.dispatch.send-wait", "50s",
				"gateway.dispatch.send-within", "10s", "gateway.upstream.response-timeout", "20s",
				"gateway.dispatch.absence-margin", "1h"))
			.forEach(settings::set);
		try (GatewayProcess process = GatewayProcess.ofClasses(CrashingGateway.class, settings, directory)) {
			process.start();
			Flux.fromIterable(asked)
				.flatMap((one) -> stubbornly(post(process.uri(), one.path(), one.body(), one.key())))
				.blockLast(PATIENCE);
			this.exits.put(point, process.ended());
		}
		sql("update orders_order set due_at = now() + interval '1 hour' where state = 'ACCEPTED'");
	}

	private record Asked(String path, Map<String, Object> body, String key) {
	}

	private static Map<String, Object> settings(Map<String, Object> more) {
		GatewaySettings settings = new GatewaySettings();
		settings.set("gateway.upstream.accounts.main.exclusive", true)
			.set("gateway.callers.shop.scopes", "orders:write,orders:read,bills")
			.set("gateway.dispatch.send-deadline", "10m")
			.set("gateway.dispatch.send-within", "3s")
			.set("gateway.upstream.response-timeout", "3s");
		more.forEach(settings::set);
		return settings.asMap();
	}

	/** One bill for each point, by the upstream itself. */
	private void discover() {
		for (CrashPoint point : ORDER) {
			String reference = "01234567890123456789%05d".formatted(100 + point.ordinal());
			Answer found = post(this.standing.upstream().baseUrl(), "sim-key-1", "/v3/bills/discover",
					Map.of("partner", "ADE", "account", Map.of("reference", reference), "ref", "d-" + point.name()), "")
				.block(PATIENCE);
			this.bills.put(point, found.data().path("transactionId").asString());
		}
	}

	private Map<String, Object> payment(CrashPoint point) {
		String bill = this.bills.get(point);
		return Map.of("transactionId", bill, "billId", "bill_" + bill + "_0", "ref", "p-" + point.name());
	}

	private static Map<String, Object> internet(CrashPoint point, int kind, String ref) {
		Map<String, Object> body = Map.of("type", "ADSL", "number", number(point, kind), "value", 1000);
		return ref.isEmpty() ? body : Map.of("type", "ADSL", "number", number(point, kind), "value", 1000, "ref", ref);
	}

	private static String ref(CrashPoint point) {
		return "ref-" + point.name();
	}

	private static String number(CrashPoint point, int kind) {
		return "0362%02d%d81".formatted(point.ordinal(), kind);
	}

	private static String line(CrashPoint point) {
		return "07700%03d81".formatted(point.ordinal());
	}

	private Mono<Answer> post(URI uri, String path, Map<String, Object> body, String key) {
		return post(uri, GatewayUnderTest.KEY, path, body, key);
	}

	private static Mono<Answer> post(URI uri, String accessToken, String path, Map<String, Object> body,
			String idempotencyKey) {
		return WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HttpClient.newConnection().disableRetry(true)))
			.build()
			.post()
			.uri(uri.resolve(path))
			.contentType(MediaType.APPLICATION_JSON)
			.header("X-Access-Token", accessToken)
			.headers((headers) -> {
				if (!idempotencyKey.isEmpty()) {
					headers.set("Idempotency-Key", idempotencyKey);
				}
			})
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

	/** Until it is neither turned away nor cut off. */
	private static Mono<Answer> stubbornly(Mono<Answer> asked) {
		return asked
			.filter((answer) -> answer.status() != 503
					|| answer.body().at("/error/details/moneyMayHaveMoved").asBoolean(true))
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(200)))
			.onErrorComplete();
	}

	/** As a caller does who was not answered. */
	private static Answer repeated(Supplier<Mono<Answer>> ask, Predicate<Answer> isAnswer) {
		return Mono.defer(ask)
			.filter(isAnswer)
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(200)))
			.block(PATIENCE);
	}

	private void assertThatItEndsBoughtOnce(String id, String number) {
		JsonNode end = settled(id);
		assertThat(end.path("state").asString()).isEqualTo("FULFILLED");
		assertThat(bought(number)).singleElement().satisfies((order) -> {
			assertThat(order.sends()).isEqualTo(1);
			assertThat(order.id()).isEqualTo(end.path("upstreamId").asString());
			assertThat(order.status()).isEqualTo("FULFILLED");
		});
		assertThatNoEventIsMissing(id);
	}

	private void assertThatNoEventIsMissing(String id) {
		List<Integer> numbers = this.standing.database()
			.client()
			.sql("select number from orders_event where order_id = :id and number is not null order by number")
			.bind("id", id)
			.mapValue(Integer.class)
			.all()
			.collectList()
			.block(PATIENCE);
		int changes = this.standing.database()
			.client()
			.sql("select changes from orders_order where id = :id")
			.bind("id", id)
			.mapValue(Integer.class)
			.one()
			.block(PATIENCE);
		assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, changes).boxed().toList());
	}

	/** Final, or the operator's. */
	private JsonNode settled(String id) {
		return this.taker.get("/orders/{id}", id)
			.map(Answer::data)
			.filter((order) -> order.path("final").asBoolean() || order.has("attention"))
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(100)))
			.block(PATIENCE);
	}

	private List<String> ledger(String column, String value) {
		return this.standing.database()
			.client()
			.sql("select id from orders_order where " + column + " = :value")
			.bind("value", value)
			.mapValue(String.class)
			.all()
			.collectList()
			.block(PATIENCE);
	}

	private List<SimulatedOrder> bought(String number) {
		return this.standing.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.toList();
	}

	private Stream<ReceivedRequest> requests(String path, String part) {
		return this.standing.upstream()
			.requests()
			.all()
			.stream()
			.filter((request) -> request.path().equals(path) && request.body().contains(part));
	}

}
