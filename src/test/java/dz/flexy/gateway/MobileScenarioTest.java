package dz.flexy.gateway;

import java.util.HashMap;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Mobile top-ups over HTTP, before the simulator. */
@TestInstance(Lifecycle.PER_CLASS)
class MobileScenarioTest {

	private final JsonMapper json = new JsonMapper();

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void topsUpALine() {
		Answer sent = send("PREPAID_DJEZZY", "0770000001", 500, "top-up");
		assertThat(sent.data().path("topupRef").asString()).isEqualTo("top-up");

		end(sent);
		JsonNode seen = get("/v3/mobile/check-id/" + sent.topupId());

		assertThat(seen.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(seen.path("plan_code").asString()).isEqualTo("PREPAID_DJEZZY");
		assertThat(seen.path("MSSIDN").asString()).isEqualTo("0770000001");
		assertThat(seen.path("topup_amount").decimalValue()).isEqualByComparingTo("500");
		assertThat(seen.path("balance_amount").decimalValue()).isEqualByComparingTo(bought("0770000001").charged());
		assertThat(get("/v3/mobile/check-ref/top-up")).isEqualTo(seen);
	}

	@Test
	void aFixedPlanIsSentWithItsOwnAmount() {
		Map<String, Object> body = new HashMap<>(
				Map.of("plan_code", "MIX1000_OOREDOO", "MSSIDN", "0550000002", "ref", "fixed"));
		end(this.gateway.post("/v3/mobile/send", body).block(GatewayUnderTest.patience()));
		body.putAll(Map.of("amount", 7, "ref", "fixed-7"));
		end(this.gateway.post("/v3/mobile/send", body).block(GatewayUnderTest.patience()));

		assertThat(this.gateway.upstream().requests().all())
			.filteredOn((request) -> request.path().equals("/v3/mobile/send") && request.number().equals("0550000002"))
			.hasSize(2)
			.allSatisfy((request) -> assertThat(body(request).path("amount").asInt()).isEqualTo(1000));
	}

	@Test
	void offersOfARefundedOneAreShown() {
		Answer sent = send("GETMENU_Ooredoo", "0550000003", 0, "menu");

		JsonNode end = end(sent);
		JsonNode seen = get("/v3/mobile/check-id/" + sent.topupId());

		assertThat(end.path("status").asString()).isEqualTo("REFUNDED");
		assertThat(seen.path("suggested_offers").size()).isPositive();
		assertThat(seen.path("suggested_offers").path(0).path("plan_code").isString()).isTrue();
		assertThat(seen.path("refund_message").asString()).isNotEmpty();
		assertThat(seen.path("balance_amount").asInt(-1)).isZero();
	}

	@Test
	void aBillPlanIsPassedAsItIs() {
		get("/v3/mobile/plans");

		Answer refused = send("FACTURE_DJEZZY", "0770000004", 3, "bill");

		assertThatProblem(refused).is(400, "ERR_VALIDATION");
		assertThat(this.gateway.upstream()
			.requests()
			.count((request) -> request.isSend() && request.number().equals("0770000004"))).isOne();
	}

	@Test
	void anUnknownErrorIsFollowedToItsRealEnd() {
		Answer sent = send("PREPAID_MOBILIS", "0660000084", 100, "unknown-error");
		this.gateway.events(sent.topupId(), "0")
			.map(GatewayUnderTest::data)
			.filter((event) -> event.path("status").asString().equals("UNKNOWN_ERROR"))
			.blockFirst(GatewayUnderTest.patience());
		assertThat(get("/v3/mobile/check-ref/unknown-error").path("status").asString()).isEqualTo("UNKNOWN_ERROR");

		this.gateway.upstream().account("sim-key-1").settle(bought("0660000084").id(), "FULFILLED");

		assertThat(end(sent).path("status").asString()).isEqualTo("FULFILLED");
	}

	@Test
	void aLostAnswerBuysOnce() {
		this.gateway.upstream().faults().next(Fault.answerLost(), RequestMatch.onNumber("0660000005"));

		JsonNode end = end(send("PREPAID_MOBILIS", "0660000005", 100, "lost"));

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(this.gateway.upstream().account("sim-key-1").orders())
			.filteredOn((order) -> order.number().equals("0660000005"))
			.hasSize(1);
	}

	@Test
	void orderOfAnotherFamilyIsNotFound() {
		Answer sent = send("PREPAID_MOBILIS", "0660000006", 100, "family");

		assertThatProblem(
				this.gateway.get("/v3/internet/check-id/" + sent.topupId()).block(GatewayUnderTest.patience()))
			.is(404, "NOT_FOUND");
		assertThatProblem(this.gateway.get("/v3/internet/check-ref/family").block(GatewayUnderTest.patience())).is(404,
				"NOT_FOUND");
		assertThat(end(this.gateway.send("036362601", "family").block(GatewayUnderTest.patience())).path("status")
			.asString()).isEqualTo("FULFILLED");
	}

	@Test
	void theListHoldsTheFamilysOrders() {
		Answer sent = send("PREPAID_MOBILIS", "0660000007", 100, "listed");

		JsonNode page = get("/v3/mobile/list?pageSize=100");

		assertThat(page.path("items").findValuesAsString("_id")).contains(sent.topupId());
		assertThat(page.path("items").findValuesAsString("MSSIDN")).hasSize(page.path("items").size());
		assertThat(page.has("topups")).isFalse();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			plan_code | "plan_code":"NO_SUCH_PLAN","MSSIDN":"0660000001","amount":100
			plan_code | "MSSIDN":"0660000001","amount":100
			plan_code | "plan_code":7,"MSSIDN":"0660000001","amount":100
			MSSIDN | "plan_code":"PREPAID_MOBILIS","MSSIDN":660000001,"amount":100
			MSSIDN | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0460000001","amount":100
			MSSIDN | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001\\n","amount":100
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001"
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":"100"
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":100.5
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":1e99999
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":1e-99999
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":-100
			amount | "plan_code":"PREPAID_MOBILIS","MSSIDN":"0660000001","amount":1000000
			""")
	void badInputNamesItsField(String field, String body) {
		get("/v3/mobile/plans");
		long sends = this.gateway.upstream().requests().count(RequestMatch.onSend());

		Answer refused = this.gateway.post("/v3/mobile/send", "{" + body + "}").block(GatewayUnderTest.patience());

		assertThatProblem(refused).is(400, "ERR_VALIDATION");
		assertThat(refused.body().path("error").path("details").path("field").asString()).isEqualTo(field);
		assertThat(this.gateway.upstream().requests().count(RequestMatch.onSend())).isEqualTo(sends);
	}

	private Answer send(String plan, String number, int amount, String ref) {
		Map<String, Object> body = Map.of("plan_code", plan, "MSSIDN", number, "amount", amount, "ref", ref);
		return this.gateway.post("/v3/mobile/send", body).block(GatewayUnderTest.patience());
	}

	private JsonNode end(Answer sent) {
		assertThat(sent.status()).as("%s", sent.body()).isEqualTo(200);
		return this.gateway.end(sent.topupId()).block(GatewayUnderTest.patience());
	}

	private JsonNode get(String path) {
		Answer answer = this.gateway.get(path).block(GatewayUnderTest.patience());
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
		return answer.data();
	}

	private SimulatedOrder bought(String number) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.findFirst()
			.orElseThrow();
	}

	private JsonNode body(ReceivedRequest request) {
		return this.json.readTree(request.body());
	}

}
