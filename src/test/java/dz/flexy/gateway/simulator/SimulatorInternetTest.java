package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorInternetTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void productsCarryValueCostAndAvailability() throws IOException {
		JsonNode data = this.client.get("/v3/internet/products?type=ADSL").data();

		assertThat(data.path("type").asString()).isEqualTo("ADSL");
		assertThat(data.path("products").get(0).toString())
			.isEqualTo("{\"value\":500,\"cost\":490,\"available\":true}");
	}

	@Test
	void productsNeedAKnownType() throws IOException {
		assertThat(this.client.get("/v3/internet/products").code()).isEqualTo("ERR_VALIDATION");
		assertThat(this.client.get("/v3/internet/products?type=adsl").status()).isEqualTo(400);
	}

	@Test
	void numberIsCheckedByType() throws IOException {
		JsonNode adsl = this.client.get("/v3/internet/check-number?type=ADSL&number=036362608").data();
		JsonNode fourG = this.client.get("/v3/internet/check-number?type=4G&number=213665983439").data();

		assertThat(adsl.path("type").asString()).isEqualTo("ADSL");
		assertThat(adsl.has("offre")).isTrue();
		assertThat(fourG.path("type").asString()).isEqualTo("4GLTE");
		assertThat(fourG.has("offre")).isFalse();
	}

	@Test
	void numberOfAnotherTypeIsRefused() throws IOException {
		SimulatorClient.Response refused = this.client.get("/v3/internet/check-number?type=4G&number=036362608");

		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.code()).isEqualTo("ERR_PHONE");
		assertThat(refused.json().path("error").path("details").path("number").asString()).isEqualTo("036362608");
	}

	@Test
	void acceptedSendIsPaidAndPrefixed() throws IOException {
		SimulatorClient.Response sent = this.client.send("036362608", "order-1");

		assertThat(sent.status()).isEqualTo(200);
		assertThat(sent.data().path("topupId").asString()).matches("[0-9a-f]{24}");
		assertThat(sent.data().path("topupRef").asString()).isEqualTo("API-+213665983439-order-1");
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("999020");
	}

	@Test
	void orderIsHandledThenFulfilledWithItsCard() throws IOException {
		String id = this.client.send("036362608", "order-1").data().path("topupId").asString();

		JsonNode before = this.client.get("/v3/internet/check-id/" + id).data();
		this.clock.advance(Duration.ofSeconds(8));
		JsonNode after = this.client.get("/v3/internet/check-id/" + id).data();

		assertThat(before.path("status").asString()).isEqualTo("HANDLING");
		assertThat(before.has("card_code")).isFalse();
		assertThat(after.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(after.path("card_code").asString()).matches("[0-9]{12}");
		assertThat(after.path("num_trans").asString()).matches("AT-2026-[0-9]{5}");
		assertThat(after.path("date_traitement").asString()).isEqualTo("2026-01-15T10:00:07.363Z");
		assertThat(after.path("created_at").asString()).isEqualTo("2026-01-15T10:00:00.000Z");
	}

	@Test
	void orderIsFoundByItsRefInBothForms() throws IOException {
		this.client.send("036362608", "order-1");

		assertThat(this.client.get("/v3/internet/check-ref/order-1").status()).isEqualTo(200);
		assertThat(this.client.get("/v3/internet/check-ref/API-%2B213665983439-order-1").status()).isEqualTo(200);
		assertThat(this.client.get("/v3/internet/check-ref/API-+213665983439-order-1").status()).isEqualTo(200);
		assertThat(this.client.get("/v3/internet/check-ref/order-2").code()).isEqualTo("NOT_FOUND");
		assertThat(this.client.get("/v3/mobile/check-ref/order-1").status()).isEqualTo(404);
	}

	@Test
	void refIsTakenForEverAcrossFamilies() throws IOException {
		this.client.send("036362683", "order-1");
		this.clock.advance(Duration.ofDays(400));

		SimulatorClient.Response again = this.client.send("036362608", "order-1");
		SimulatorClient.Response mobile = this.client.sendMobile("0778037340", "order-1");

		assertThat(again.status()).isEqualTo(403);
		assertThat(again.code()).isEqualTo("DUPLICATED_REF");
		assertThat(mobile.code()).isEqualTo("DUPLICATED_REF");
		assertThat(this.simulator.account(SimulatorClient.KEY).orders()).singleElement()
			.returns(3, SimulatedOrder::sends);
	}

	@Test
	void refusedSendLeavesItsRefFree() throws IOException {
		SimulatedAccount account = this.simulator.account(SimulatorClient.KEY);
		account.setBalance(new BigDecimal("10.50"));

		SimulatorClient.Response refused = this.client.send("036362608", "order-1");
		account.deposit(new BigDecimal("5000"));
		SimulatorClient.Response accepted = this.client.send("036362608", "order-1");

		assertThat(refused.status()).isEqualTo(403);
		assertThat(refused.code()).isEqualTo("INSUFFICIENT_BALANCE");
		assertThat(refused.json().path("error").path("details").toString())
			.isEqualTo("{\"required\":980,\"available\":10.5}");
		assertThat(accepted.status()).isEqualTo(200);
		assertThat(account.balance()).isEqualByComparingTo("4030.5");
	}

	@Test
	void checksStandInTheirOrder() throws IOException {
		SimulatedAccount account = this.simulator.account(SimulatorClient.KEY);
		this.client.send("036362608", "order-1");
		account.setBalance(BigDecimal.ZERO);
		account.stock("ADSL", new BigDecimal("500"), false);

		assertThat(code("{\"type\":\"ADSL\",\"number\":\"1\",\"value\":\"x\"}")).isEqualTo("ERR_VALIDATION");
		assertThat(code("{\"type\":\"ADSL\",\"number\":\"1\",\"value\":7}")).isEqualTo("ERR_PHONE");
		assertThat(code("{\"type\":\"ADSL\",\"number\":\"036362608\",\"value\":7}")).isEqualTo("ERR_VALIDATION");
		assertThat(code("{\"type\":\"ADSL\",\"number\":\"036362608\",\"value\":500,\"ref\":\"order-1\"}"))
			.isEqualTo("ERR_STOCK");
		assertThat(code("{\"type\":\"ADSL\",\"number\":\"036362608\",\"value\":1000,\"ref\":\"order-1\"}"))
			.isEqualTo("DUPLICATED_REF");
		assertThat(code("{\"type\":\"ADSL\",\"number\":\"036362608\",\"value\":1000}"))
			.isEqualTo("INSUFFICIENT_BALANCE");
		assertThat(code("not json")).isEqualTo("ERR_VALIDATION");
	}

	@Test
	void sendWithoutRefGetsOne() throws IOException {
		SimulatorClient.Response sent = this.client.post("/v3/internet/send",
				"{\"type\":\"4G\",\"number\":\"213472731602\",\"value\":2500,\"unknown\":true}");

		assertThat(sent.data().path("topupRef").asString()).startsWith("API-+213665983439-auto-");
	}

	private String code(String body) throws IOException {
		return this.client.post("/v3/internet/send", body).code();
	}

}
