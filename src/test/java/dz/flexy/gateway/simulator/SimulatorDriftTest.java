package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorDriftTest {

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(new SettableClock()).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void productsNameTheirTypeInMeta() throws IOException {
		drift(Quirk.PRODUCTS_TYPE_IN_META);

		JsonNode body = this.client.get("/v3/internet/products?type=4G").json();
		assertThat(body.path("data").propertyNames()).containsExactly("products");
		assertThat(body.path("meta").path("type").asString()).isEqualTo("4G");
	}

	@Test
	void productsAreABareArray() throws IOException {
		drift(Quirk.PRODUCTS_BARE_ARRAY);

		assertThat(this.client.get("/v3/internet/products?type=4G").data().isArray()).isTrue();
	}

	@Test
	void internetListHasItems() throws IOException {
		drift(Quirk.INTERNET_LIST_ITEMS);

		assertThat(this.client.get("/v3/internet/list").data().propertyNames()).containsExactly("items", "pagination");
	}

	@Test
	void refsAreBare() throws IOException {
		drift(Quirk.TOPUP_REF_BARE, Quirk.CHECK_REF_BARE);

		assertThat(this.client.send("036362608", "order-1").data().path("topupRef").asString()).isEqualTo("order-1");
		assertThat(this.client.get("/v3/internet/check-ref/order-1").data().path("ref").asString())
			.isEqualTo("order-1");
		assertThat(this.client.get("/v3/internet/list").data().path("topups").get(0).path("ref").asString())
			.isEqualTo("API-+213665983439-order-1");
	}

	@Test
	void mobileRefsAreBare() throws IOException {
		drift(Quirk.TOPUP_REF_BARE, Quirk.CHECK_REF_BARE);
		this.client.sendMobile("0778037340", "order-1");

		assertThat(this.client.get("/v3/mobile/check-ref/order-1").data().path("ref").asString()).isEqualTo("order-1");
	}

	@Test
	void sendTellsTheNewBalance() throws IOException {
		drift(Quirk.NEW_BALANCE_IN_SEND);

		assertThat(this.client.send("036362608", "order-1").data().path("newBalance").decimalValue())
			.isEqualByComparingTo("999020");
	}

	@Test
	void balanceNamesItsCurrency() throws IOException {
		drift(Quirk.CURRENCY_IN_BALANCE);

		assertThat(this.client.get("/v3/account/balance").data().toString())
			.isEqualTo("{\"balance\":1000000,\"currency\":\"DZD\"}");
	}

	@Test
	void requestIdIsMissing() throws IOException {
		drift(Quirk.REQUEST_ID_MISSING, Quirk.REQUEST_ID_HEADER_MISSING);

		assertThat(this.client.get("/v3/account/balance").json().propertyNames()).containsExactly("success", "data",
				"meta");
		assertThat(this.client.get("/v3/internet/check-id/1").json().propertyNames()).containsExactly("success",
				"error");
		assertThat(this.client.get("/v3/ping").header("X-Request-ID")).isEmpty();
	}

	@Test
	void requestIdStandsInMeta() throws IOException {
		drift(Quirk.REQUEST_ID_IN_META);

		assertThat(this.client.get("/v3/ping").json().path("meta").propertyNames()).containsExactly("timestamp",
				"requestId");
		assertThat(this.client.get("/v3/internet/check-id/1").json().path("meta").has("requestId")).isTrue();
	}

	@Test
	void codesAreSpeltOtherwise() throws IOException {
		drift(Quirk.DUPLICATED_WITH_HYPHEN, Quirk.NO_BALANCE, Quirk.INVALID_PHONE, Quirk.ERR_AUTH);
		this.client.send("036362608", "order-1");
		this.simulator.account(SimulatorClient.KEY).setBalance(BigDecimal.ZERO);

		assertThat(this.client.send("036362608", "order-1").code()).isEqualTo("DUPLICATED-REF");
		assertThat(this.client.send("036362608", "order-2").code()).isEqualTo("NO_BALANCE");
		assertThat(this.client.send("036362697", "order-3").code()).isEqualTo("INVALID_PHONE");
		assertThat(this.client.as("bad").get("/v3/validate").code()).isEqualTo("ERR_AUTH");
	}

	@Test
	void missingKeyIsABadRequest() throws IOException {
		drift(Quirk.MISSING_KEY_IS_400);

		assertThat(this.client.as("").get("/v3/validate").status()).isEqualTo(400);
	}

	@Test
	void codeStandsInTheMessageOnly() throws IOException {
		drift(Quirk.CODE_ONLY_IN_MESSAGE);

		JsonNode error = this.client.send("036362697", "order-1").json().path("error");
		assertThat(error.has("code")).isFalse();
		assertThat(error.path("message").asString()).startsWith("ERR_PHONE: ");
	}

	@Test
	void messageStandsAtTheTop() throws IOException {
		drift(Quirk.MESSAGE_AT_TOP);

		assertThat(this.client.send("036362697", "order-1").json().propertyNames()).containsExactly("success",
				"message", "requestId");
	}

	@Test
	void mobileSucceedsOrFails() throws IOException {
		drift(Quirk.MOBILE_SUCCESS_FAILED);
		this.client.sendMobile("0778037380", "order-1");

		assertThat(this.client.get("/v3/mobile/check-ref/order-1").data().path("status").asString())
			.isEqualTo("SUCCESS");
		this.simulator.account(SimulatorClient.KEY).settleRef("order-1", "REFUNDED");
		assertThat(this.client.get("/v3/mobile/check-ref/order-1").data().path("status").asString())
			.isEqualTo("FAILED");
	}

	@Test
	void fixedPlanNeedsItsAmount() throws IOException {
		drift(Quirk.FIXED_PLAN_NEEDS_AMOUNT);

		assertThat(this.client.post("/v3/mobile/send", "{\"plan_code\":\"PIXX_500\",\"MSSIDN\":\"0778037340\"}").code())
			.isEqualTo("ERR_VALIDATION");
	}

	@Test
	void driftEndsWhenItIsTurnedOff() throws IOException {
		drift(Quirk.CURRENCY_IN_BALANCE, Quirk.PRODUCTS_BARE_ARRAY);

		this.simulator.drift().off(Quirk.CURRENCY_IN_BALANCE);
		assertThat(this.client.get("/v3/account/balance").data().has("currency")).isFalse();
		assertThat(this.simulator.drift().has(Quirk.PRODUCTS_BARE_ARRAY)).isTrue();
		this.simulator.drift().clear();
		assertThat(this.client.get("/v3/internet/products?type=4G").data().isObject()).isTrue();
	}

	private void drift(Quirk... quirks) {
		this.simulator.drift().on(quirks);
	}

}
