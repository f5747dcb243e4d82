package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedGiftOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gift cards over HTTP, with an account that nobody else buys with. Each test buys
 * another type, so that what one lost cannot be taken for another's.
 */
@TestInstance(Lifecycle.PER_CLASS)
class GiftCardScenarioTest {

	private static final String SIMULATED = "507f1f77bcf86cd799439099";

	private static final String PSN = "507f1f77bcf86cd799439011";

	private static final RequestMatch ON_PLACE_ORDER = RequestMatch.onRoute("/v3/gift-cards/placeOrder");

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.upstream.accounts.main.exclusive", true));
		this.gateway.upstream().account("sim-key-1").deposit(new BigDecimal("100000"));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void buysCardsAndShowsThemOnce() {
		Answer sent = order(PSN, "type_001", 3, "three");
		assertThat(sent.data().path("ref").asString()).isEqualTo("three");
		String id = sent.data().path("orderId").asString();

		JsonNode end = end(sent);
		JsonNode seen = get("/v3/gift-cards/checkOrder/" + id);

		assertThat(seen.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(seen.path("quantity").asInt()).isEqualTo(3);
		assertThat(seen.path("fulfilled_quantity").asInt()).isEqualTo(3);
		assertThat(seen.path("fulfilled_amount").decimalValue()).isEqualByComparingTo("1470");
		assertThat(seen.path("price_per_card").decimalValue()).isEqualByComparingTo("490");
		List<String> codes = seen.path("cards").findValuesAsString("value");
		assertThat(codes).hasSize(3).containsExactlyInAnyOrderElementsOf(bought("type_001").getFirst().codes());
		assertThat(get("/orders/" + id + "/card").path("cards").findValuesAsString("value")).isEqualTo(codes);
		assertThat(end.path("type").asString()).isEqualTo("type_001");
		assertThat(end.path("cost").decimalValue()).isEqualByComparingTo("1470");
		codes.forEach((code) -> {
			assertThat(end.toString()).doesNotContain(code);
			assertThat(get("/v3/gift-cards/list").toString()).doesNotContain(code);
			assertThat(stored(id)).doesNotContain(code);
		});
	}

	@Test
	void aPartlyFilledOrderIsFinalWithTheCardsThatCame() {
		Answer sent = order(PSN, "TEST_PARTIAL", 4, "partly");

		assertThat(end(sent).path("state").asString()).isEqualTo("PARTIALLY_FILLED");
		JsonNode seen = get("/v3/gift-cards/checkOrder/" + sent.data().path("orderId").asString());
		assertThat(seen.path("fulfilled_quantity").asInt()).isEqualTo(2);
		assertThat(seen.path("cards").size()).isEqualTo(2);
	}

	@Test
	void aRefundedOrderHasNoCards() {
		Answer sent = order(PSN, "TEST_REFUND", 1, "refunded");

		assertThat(end(sent).path("state").asString()).isEqualTo("REFUNDED");
		JsonNode seen = get("/v3/gift-cards/checkOrder/" + sent.data().path("orderId").asString());
		assertThat(seen.path("cards").isArray()).isTrue();
		assertThat(seen.path("cards").isEmpty()).isTrue();
		assertThat(seen.path("fulfilled_amount").asInt(-1)).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "SIM_ANSWER_LOST", "SIM_ERROR_AFTER", "SIM_UNREADABLE" })
	void theOnlyCandidateOfAnExclusiveAccountIsAdopted(String type) {
		JsonNode end = end(order(SIMULATED, type, 2, type));

		assertThat(end.path("state").asString()).isEqualTo("FULFILLED");
		assertThat(bought(type)).singleElement()
			.extracting(SimulatedGiftOrder::id)
			.isEqualTo(end.path("upstreamId").asString());
	}

	@Test
	void aSecondOrderOfALaneWaitsUntilTheFirstIsClear() {
		fault(Fault.hangAfterCommit());
		Mono<Answer> first = async(PSN, "type_002", 1, "first").cache();
		String firstId = first.block(GatewayUnderTest.patience()).data().path("orderId").asString();
		this.gateway.upstream()
			.requests()
			.first((request) -> request.body().contains("type_002"))
			.timeout(GatewayUnderTest.patience(), Mono.empty())
			.block();
		String secondId = async(PSN, "type_002", 1, "second").block(GatewayUnderTest.patience())
			.data()
			.path("orderId")
			.asString();

		JsonNode firstEnd = this.gateway.end(firstId).block(GatewayUnderTest.patience());
		JsonNode secondEnd = this.gateway.end(secondId).block(GatewayUnderTest.patience());

		assertThat(bought("type_002")).extracting(SimulatedGiftOrder::id)
			.containsExactlyInAnyOrder(firstEnd.path("upstreamId").asString(), secondEnd.path("upstreamId").asString());
		assertThat(this.gateway.upstream().requests().count((request) -> request.body().contains("type_002")))
			.isEqualTo(2);
	}

	@Test
	void whatTheUpstreamTurnedAwayIsRejectedAndNeverSentAgain() {
		fault(Fault.limited(Duration.ofSeconds(1)));

		Answer refused = order("507f1f77bcf86cd799439014", "type_031", 1, "limited");

		assertThatProblem(refused).is(503, "UPSTREAM_UNAVAILABLE").isHarmless();
		assertThat(bought("type_031")).isEmpty();
		assertThat(this.gateway.upstream().requests().count((request) -> request.body().contains("type_031"))).isOne();
	}

	@Test
	void aUsedRefIsRefused() {
		end(order(SIMULATED, "SIM_AT_ONCE", 1, "used"));

		assertThatProblem(order(SIMULATED, "SIM_AT_ONCE", 1, "used")).is(403, "DUPLICATED_REF");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			quantity | "productId":"507f1f77bcf86cd799439011","typeId":"type_001","quantity":0
			quantity | "productId":"507f1f77bcf86cd799439011","typeId":"type_001","quantity":1000000000
			quantity | "productId":"507f1f77bcf86cd799439011","typeId":"type_001","quantity":1.5
			quantity | "productId":"507f1f77bcf86cd799439011","typeId":"type_001","quantity":"1"
			quantity | "productId":"507f1f77bcf86cd799439011","typeId":"type_001"
			productId | "typeId":"type_001","quantity":1
			productId | "productId":"../../ping","typeId":"type_001","quantity":1
			productId | "productId":"507f1f77bcf86cd799439000","typeId":"type_001","quantity":1
			typeId | "productId":"507f1f77bcf86cd799439011","quantity":1
			typeId | "productId":"507f1f77bcf86cd799439011","typeId":"nothing","quantity":1
			""")
	void badInputNamesItsField(String field, String body) {
		long sends = this.gateway.upstream().requests().count(ON_PLACE_ORDER);

		Answer refused = this.gateway.post("/v3/gift-cards/placeOrder", "{" + body + "}")
			.block(GatewayUnderTest.patience());

		assertThatProblem(refused).is(400, "ERR_VALIDATION");
		assertThat(refused.body().at("/error/details/field").asString()).isEqualTo(field);
		assertThat(this.gateway.upstream().requests().count(ON_PLACE_ORDER)).isEqualTo(sends);
	}

	private void fault(Fault fault) {
		this.gateway.upstream().faults().next(fault, ON_PLACE_ORDER);
	}

	private Answer order(String product, String type, int quantity, String ref) {
		return this.gateway.post("/v3/gift-cards/placeOrder", body(product, type, quantity, ref))
			.block(GatewayUnderTest.patience());
	}

	private Mono<Answer> async(String product, String type, int quantity, String ref) {
		return this.gateway.exchange(
				HttpMethod.POST, "/v3/gift-cards/placeOrder", Map.of("X-Access-Token", GatewayUnderTest.KEY,
						"Content-Type", "application/json", "Prefer", "respond-async"),
				JsonMapper.shared().writeValueAsBytes(body(product, type, quantity, ref)));
	}

	private static Map<String, Object> body(String product, String type, int quantity, String ref) {
		return Map.of("productId", product, "typeId", type, "quantity", quantity, "ref", ref);
	}

	private JsonNode end(Answer sent) {
		assertThat(sent.status()).as("%s", sent.body()).isEqualTo(200);
		return this.gateway.end(sent.data().path("orderId").asString()).block(GatewayUnderTest.patience());
	}

	private JsonNode get(String path) {
		Answer answer = this.gateway.get(path).block(GatewayUnderTest.patience());
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
		return answer.data();
	}

	private List<SimulatedGiftOrder> bought(String type) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.giftOrders()
			.stream()
			.filter((order) -> order.type().equals(type))
			.toList();
	}

	private String stored(String id) {
		return this.gateway.database()
			.client()
			.sql("select orders_order::text from orders_order where id = :id")
			.bind("id", id)
			.mapValue(String.class)
			.one()
			.block(GatewayUnderTest.patience());
	}

}
