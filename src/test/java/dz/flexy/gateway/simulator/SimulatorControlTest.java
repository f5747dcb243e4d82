package dz.flexy.gateway.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorControlTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).limit(4).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	private final SimulatorClient anybody = this.client.as("");

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void booksAreOpenToAnybody() throws IOException {
		this.client.send("036362680", "order-1");
		this.client.send("036362680", "order-1");

		JsonNode account = this.anybody.get("/__sim/orders").data().path(SimulatorClient.KEY);
		assertThat(account.path("balance").decimalValue()).isEqualByComparingTo("999020");
		JsonNode order = account.path("orders").get(0);
		assertThat(order.path("ref").asString()).isEqualTo("order-1");
		assertThat(order.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(order.path("sends").asInt()).isEqualTo(2);
	}

	@Test
	void requestsAreCountedButNotItsOwn() throws IOException {
		this.client.get("/v3/account/balance");
		this.anybody.get("/__sim/orders");

		JsonNode data = this.anybody.get("/__sim/requests").data();
		assertThat(data.path("counts").toString()).isEqualTo("{\"GET /v3/account/balance\":1}");
		assertThat(data.path("requests").size()).isOne();
	}

	@Test
	void moneyIsDeposited() throws IOException {
		assertThat(this.anybody.post("/__sim/deposit", "{\"amount\":0.5}").data().path("balance").decimalValue())
			.isEqualByComparingTo("1000000.5");
		assertThat(this.anybody.post("/__sim/deposit", "{\"key\":\"none\",\"amount\":1}").status()).isEqualTo(404);
	}

	@Test
	void orderIsSettled() throws IOException {
		this.client.send("036362689", "order-1");

		this.anybody.post("/__sim/settle", "{\"ref\":\"order-1\",\"status\":\"FULFILLED\"}");

		assertThat(this.client.status("order-1")).isEqualTo("FULFILLED");
		assertThat(this.anybody.post("/__sim/settle", "{\"ref\":\"x\",\"status\":\"FULFILLED\"}").status())
			.isEqualTo(404);
	}

	@Test
	void faultsAreScriptedAndCleared() throws IOException {
		this.anybody.post("/__sim/faults", "{\"fault\":\"errorAfterCommit\",\"times\":2}");
		this.anybody.post("/__sim/faults", "{\"fault\":\"htmlBeforeCommit\",\"argument\":502,\"on\":\"balance\"}");

		assertThat(this.client.send("036362689", "order-1").status()).isEqualTo(500);
		assertThat(this.client.get("/v3/account/balance").status()).isEqualTo(502);
		this.anybody.delete("/__sim/faults");
		assertThat(this.client.send("036362689", "order-2").status()).isEqualTo(200);
		assertThat(this.anybody.post("/__sim/faults", "{\"fault\":\"none\"}").status()).isEqualTo(400);
	}

	@Test
	void faultsByChanceAreCounted() throws IOException {
		this.anybody.post("/__sim/faults", "{\"fault\":\"errorBeforeCommit\",\"chance\":0}");
		this.anybody.post("/__sim/faults", "{\"fault\":\"unavailableBeforeCommit\",\"chance\":1,\"seed\":7}");
		this.client.send("036362689", "order-1");
		this.client.send("036362689", "order-2");

		JsonNode faults = this.anybody.get("/__sim/faults").data().path("faults");
		JsonNode tally = this.anybody.get("/__sim/tally").data();

		assertThat(faults.get(0).path("hits").intValue()).isZero();
		assertThat(faults.get(1).path("fault").asString()).isEqualTo("unavailableBeforeCommit");
		assertThat(faults.get(1).path("hits").intValue()).isEqualTo(2);
		assertThat(tally.path("statuses").path("503").intValue()).isEqualTo(2);
		assertThat(tally.path("overLimit").intValue()).isZero();
	}

	@Test
	void driftIsTurned() throws IOException {
		this.anybody.post("/__sim/drift", "{\"on\":[\"CURRENCY_IN_BALANCE\"]}");
		assertThat(this.client.get("/v3/account/balance").data().has("currency")).isTrue();

		this.anybody.post("/__sim/drift", "{\"off\":[\"CURRENCY_IN_BALANCE\"]}");
		assertThat(this.client.get("/v3/account/balance").data().has("currency")).isFalse();
		assertThat(this.anybody.post("/__sim/drift", "{\"on\":[\"NO_QUIRK\"]}").status()).isEqualTo(400);
	}

	@Test
	void giftOrderIsSettledAndItsStockSet() throws IOException {
		this.anybody.post("/__sim/stock-gift", "{\"type\":\"type_003\",\"quantity\":2}");
		String id = this.client
			.post("/v3/gift-cards/placeOrder",
					"{\"productId\":\"507f1f77bcf86cd799439011\",\"typeId\":\"type_003\",\"quantity\":2}")
			.data()
			.path("orderId")
			.asString();

		this.anybody.post("/__sim/settle-gift", "{\"id\":\"" + id + "\",\"status\":\"PARTIALLY_FILLED\",\"cards\":1}");

		JsonNode order = this.anybody.get("/__sim/gifts").data().path(SimulatorClient.KEY).get(0);
		assertThat(order.path("fulfilled").intValue()).isOne();
		assertThat(order.path("charged").intValue()).isEqualTo(1960);
		assertThat(this.anybody.post("/__sim/settle-gift", "{\"id\":\"x\",\"status\":\"FULFILLED\"}").status())
			.isEqualTo(404);
	}

	@Test
	void linkIsSettled() throws IOException {
		String ref = this.client.post("/v3/ocpay/createLink", "{\"productInfo\":{\"title\":\"T\",\"amount\":500}}")
			.data()
			.path("paymentRef")
			.asString();

		this.anybody.post("/__sim/settle-link", "{\"ref\":\"" + ref + "\",\"status\":\"CONFIRMED\"}");

		assertThat(this.anybody.get("/__sim/links").data().path(SimulatorClient.KEY).get(0).path("status").asString())
			.isEqualTo("CONFIRMED");
	}

	@Test
	void billIsSettledWithItsReceipt() throws IOException {
		String id = this.client
			.post("/v3/bills/discover",
					"{\"partner\":\"AADL\",\"account\":{\"aadl\":{\"codeloc\":\"123456\"}},\"ref\":\"d-1\"}")
			.data()
			.path("transactionId")
			.asString();
		this.anybody.post("/__sim/settle-bill", "{\"id\":\"" + id + "\",\"status\":\"SUCCESS\"}");
		this.anybody.post("/__sim/receipt", "{\"bytes\":7}");
		this.anybody.post("/__sim/biller", "{\"partner\":\"AADL\",\"available\":false}");

		assertThat(this.anybody.get("/__sim/bills").data().path(SimulatorClient.KEY).get(0).path("id").asString())
			.isEqualTo(id);
		assertThat(this.client.get("/v3/bills/transactions/" + id + "/receipt").raw().body()).hasSize(7);
		assertThat(this.client.get("/v3/bills/partners").data().path("AADL").path("status").asString())
			.isEqualTo("UNAVAILABLE");
	}

	@Test
	void limitIsChanged() throws IOException {
		this.anybody.post("/__sim/limit", "{\"limit\":1}");

		assertThat(this.client.get("/v3/ping").status()).isEqualTo(200);
		assertThat(this.client.get("/v3/ping").status()).isEqualTo(429);
		assertThat(this.anybody.get("/__sim/nothing").status()).isEqualTo(404);
	}

	@Test
	void processPrintsWhereItListensAndWhatNumbersDo() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-XX:TieredStopAtLevel=1", SimulatorMain.class.getName(),
				"port=0", "limit=6000", "speed=10")
			.start();
		try (BufferedReader output = process.inputReader()) {
			assertThat(output.lines().filter((line) -> line.startsWith("| 81 |")).findFirst())
				.contains("| 81 | FULFILLED after 1 s |");
		}
		finally {
			process.destroyForcibly().onExit().orTimeout(Duration.ofSeconds(5).toSeconds(), TimeUnit.SECONDS);
		}
	}

}
