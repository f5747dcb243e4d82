package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorListTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void newestStandsFirstInPages() throws IOException {
		buy(5);

		JsonNode first = this.client.get("/v3/internet/list?pageSize=2").data();
		JsonNode last = this.client.get("/v3/internet/list?pageSize=2&page=3").data();
		JsonNode beyond = this.client.get("/v3/internet/list?pageSize=2&page=4").data();

		assertThat(refs(first, "topups")).containsExactly("order-5", "order-4");
		assertThat(refs(last, "topups")).containsExactly("order-1");
		assertThat(refs(beyond, "topups")).isEmpty();
		assertThat(first.path("pagination").toString())
			.isEqualTo("{\"page\":1,\"pageSize\":2,\"totalPages\":3,\"totalResults\":5}");
	}

	@Test
	void periodIsInclusiveOnCreation() throws IOException {
		buy(5);

		JsonNode data = this.client.get("/v3/internet/list?from=2026-01-15T10:00:02.000Z&to=2026-01-15T10:00:04.000Z")
			.data();

		assertThat(refs(data, "topups")).containsExactly("order-4", "order-3", "order-2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "page=0", "page=x", "pageSize=0", "pageSize=101", "from=2026-01-15T10:00:02.000Z",
			"to=2026-01-15T10:00:02.000Z", "from=yesterday&to=today" })
	void boundsAreKept(String query) throws IOException {
		for (String list : List.of("/v3/internet/list", "/v3/mobile/list", "/v3/account/transactions")) {
			SimulatorClient.Response refused = this.client.get(list + "?" + query);
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.code()).isEqualTo("ERR_VALIDATION");
		}
	}

	@Test
	void rowsHaveNoCardUnlessAsked() throws IOException {
		this.client.send("036362680", "order-1");

		JsonNode plain = this.client.get("/v3/internet/list").data().path("topups").get(0);
		this.simulator.drift().on(Quirk.LIST_ROWS_WITH_CARD);
		JsonNode carded = this.client.get("/v3/internet/list").data().path("topups").get(0);

		assertThat(plain.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(plain.propertyNames()).containsExactly("_id", "ref", "status", "type", "number", "topup_amount",
				"created_at");
		assertThat(carded.propertyNames()).contains("card_code", "num_trans", "date_traitement");
		assertThat(plain.path("ref").asString()).isEqualTo("API-+213665983439-order-1");
	}

	@Test
	void familiesHaveListsOfTheirOwn() throws IOException {
		this.client.send("036362608", "internet-1");
		this.client.sendMobile("0778037340", "mobile-1");

		assertThat(refs(this.client.get("/v3/internet/list").data(), "topups")).containsExactly("internet-1");
		assertThat(refs(this.client.get("/v3/mobile/list").data(), "items")).containsExactly("mobile-1");
	}

	@Test
	void ledgerExplainsTheBalance() throws IOException {
		this.client.send("036362683", "refunded");
		this.client.sendMobile("0778037383", "refunded-mobile");
		this.client.post("/v3/internet/send",
				"{\"type\":\"4G\",\"number\":\"213665983439\",\"value\":500,\"ref\":\"kept\"}");
		this.clock.advance(Duration.ofSeconds(3));
		this.simulator.account(SimulatorClient.KEY).deposit(new BigDecimal("0.75"));

		JsonNode rows = this.client.get("/v3/account/transactions").data().path("items");
		assertThat(texts(rows, "type")).containsExactly("DEPOSIT", "REFUND-FLEXY", "REFUND-ADSL", "ADSL", "FLEXY",
				"ADSL", "DEPOSIT");
		assertThat(rows.get(0).path("newBalance").decimalValue()).isEqualByComparingTo("999510.75");
		assertThat(rows.get(2).path("amount").decimalValue()).isEqualByComparingTo("980");
		assertThat(rows.get(2).path("operation").asString()).isEqualTo("in");
		assertThat(rows.get(2).path("time").asString()).isEqualTo("2026-01-15T10:00:03.000Z");
		assertThat(rows.get(2).path("objid").asString()).isEqualTo(rows.get(5).path("objid").asString());
		assertThat(this.client.get("/v3/account/balance").data().toString()).isEqualTo("{\"balance\":999510.75}");
	}

	@Test
	void refundIsEnteredWhenItFallsDue() throws IOException {
		this.client.send("036362683", "order-1");

		this.clock.advance(Duration.ofSeconds(3).minusMillis(1));
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("999020");
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("1000000");
	}

	private void buy(int orders) throws IOException {
		for (int number = 1; number <= orders; number++) {
			this.clock.advance(Duration.ofSeconds(1));
			this.client.send("036362608", "order-" + number);
		}
	}

	private static List<String> refs(JsonNode data, String name) {
		return texts(data.path(name), "ref").stream().map((ref) -> ref.replace("API-+213665983439-", "")).toList();
	}

	private static List<String> texts(JsonNode rows, String field) {
		List<String> texts = new ArrayList<>();
		rows.forEach((row) -> texts.add(row.path(field).asString()));
		return texts;
	}

}
