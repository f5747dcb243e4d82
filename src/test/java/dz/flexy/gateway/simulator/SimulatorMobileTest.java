package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorMobileTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void plansAreDynamicOrFixed() throws IOException {
		JsonNode data = this.client.get("/v3/mobile/plans").data();

		assertThat(data.path("dynamicPlans").get(1).toString())
			.isEqualTo("{\"code\":\"PREPAID_MOBILIS\",\"name\":\"PREPAID_MOBILIS\",\"operator\":\"Mobilis\","
					+ "\"isEnabled\":true,\"cost\":0.96,\"min_amount\":40,\"max_amount\":3999}");
		assertThat(data.path("dynamicPlans").get(4).has("cost")).isFalse();
		assertThat(data.path("fixedPlans").get(0).path("amount").intValue()).isEqualTo(500);
	}

	@Test
	void orderIsPendingHandledAndFulfilled() throws IOException {
		this.client.sendMobile("0778037382", "order-1");

		assertThat(status()).isEqualTo("PENDING");
		this.clock.advance(Duration.ofSeconds(2));
		assertThat(status()).isEqualTo("HANDLING");
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(status()).isEqualTo("FULFILLED");
		assertThat(order().propertyNames()).containsExactly("_id", "ref", "status", "plan_code", "MSSIDN",
				"topup_amount", "balance_amount", "created_at");
		assertThat(order().path("balance_amount").intValue()).isEqualTo(490);
	}

	@Test
	void refundIsExplained() throws IOException {
		this.client.sendMobile("0778037398", "order-1");
		this.clock.advance(Duration.ofSeconds(3));

		assertThat(status()).isEqualTo("REFUNDED");
		assertThat(order().path("balance_amount").intValue()).isZero();
		assertThat(order().path("refund_message").asString()).isNotEmpty();
		assertThat(order().path("suggested_offers").get(0).propertyNames()).containsExactly("typename", "plan_code",
				"amount");
	}

	@ParameterizedTest
	@CsvSource({ "PREPAID_MOBILIS,0600000001,false", "PREPAID_DJEZZY,0600000002,true",
			"GETMENU_Mobilis,0661234567,true" })
	void publishedTestNumbersAndMenusAreRefunded(String plan, String number, boolean offers) throws IOException {
		this.client.post("/v3/mobile/send",
				"{\"plan_code\":\"%s\",\"MSSIDN\":\"%s\",\"amount\":500,\"ref\":\"order-1\"}".formatted(plan, number));
		this.clock.advance(Duration.ofSeconds(3));

		assertThat(status()).isEqualTo("REFUNDED");
		assertThat(order().has("suggested_offers")).isEqualTo(offers);
	}

	@Test
	void orderIsFoundById() throws IOException {
		String id = this.client.sendMobile("0778037340", "order-1").data().path("topupId").asString();

		assertThat(this.client.get("/v3/mobile/check-id/" + id).data().path("MSSIDN").asString())
			.isEqualTo("0778037340");
		assertThat(this.client.get("/v3/internet/check-id/" + id).code()).isEqualTo("NOT_FOUND");
		assertThat(this.client.get("/v3/mobile/check-id/none").code()).isEqualTo("NOT_FOUND");
	}

	@Test
	void badInputIsRefused() throws IOException {
		assertThat(message("PREPAID_DJEZZY", "778037340", "500"))
			.isEqualTo("MSSIDN must match pattern \"^0[567][0-9]{8}$\"");
		assertThat(message("PREPAID_DJEZZY", "0661234567", "500")).contains("operator");
		assertThat(message("PREPAID_DJEZZY", "0778037340", "49")).contains("out of range");
		assertThat(message("PREPAID_DJEZZY", "0778037340", "500.5")).contains("out of range");
		assertThat(message("NO_PLAN", "0778037340", "500")).contains("plan_code");
		assertThat(message("PREPAID_DJEZZY", "0778037397", "500")).contains("MSSIDN");
		assertThat(this.simulator.account(SimulatorClient.KEY).orders()).isEmpty();
	}

	@Test
	void fixedPlanTakesItsOwnAmount() throws IOException {
		this.client.post("/v3/mobile/send",
				"{\"plan_code\":\"PIXX_500\",\"MSSIDN\":\"0778037340\",\"ref\":\"order-1\"}");

		assertThat(order().path("topup_amount").intValue()).isEqualTo(500);
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("999510");
	}

	@Test
	void billPlanIsATopUpLikeOthers() throws IOException {
		this.client.post("/v3/mobile/send",
				"{\"plan_code\":\"FACTURE_OOREDOO\",\"MSSIDN\":\"0550123480\",\"amount\":1000,\"ref\":\"order-1\"}");

		assertThat(status()).isEqualTo("FULFILLED");
		assertThat(order().path("balance_amount").intValue()).isEqualTo(980);
	}

	@Test
	void withdrawnPlanIsShownAndRefused() throws IOException {
		assertThat(this.client.get("/v3/mobile/plans").data().path("fixedPlans").toString())
			.contains("\"code\":\"SPECIAL_2000\"")
			.contains("\"isEnabled\":false");
		assertThat(message("SPECIAL_2000", "0778037340", "2000")).contains("plan_code");
	}

	@Test
	void unknownErrorIsExplainedAndEnds() throws IOException {
		this.client.sendMobile("0778037384", "order-1");
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(status()).isEqualTo("UNKNOWN_ERROR");
		assertThat(order().has("refund_message")).isTrue();

		this.clock.advance(Duration.ofHours(12));
		assertThat(status()).isEqualTo("FULFILLED");
		assertThat(order().has("refund_message")).isFalse();
	}

	private String message(String plan, String number, String amount) throws IOException {
		String body = "{\"plan_code\":\"%s\",\"MSSIDN\":\"%s\",\"amount\":%s}".formatted(plan, number, amount);
		SimulatorClient.Response refused = this.client.post("/v3/mobile/send", body);
		assertThat(refused.code()).isEqualTo("ERR_VALIDATION");
		return refused.json().path("error").path("message").asString();
	}

	private JsonNode order() throws IOException {
		return this.client.get("/v3/mobile/check-ref/order-1").data();
	}

	private String status() throws IOException {
		return order().path("status").asString();
	}

}
