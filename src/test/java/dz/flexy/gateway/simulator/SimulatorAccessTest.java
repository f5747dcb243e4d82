package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorAccessTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder()
		.clock(this.clock)
		.account(SimulatorClient.KEY, "+213665983439", new BigDecimal("100"))
		.account("reader", "+213665983439", KeyType.PRODUCTION, KeyScope.READ_ONLY, BigDecimal.ZERO)
		.account("sandbox", "+213665983439", KeyType.SANDBOX, KeyScope.READ_WRITE, BigDecimal.ZERO)
		.start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void pingNeedsNoKey() throws IOException {
		SimulatorClient.Response ping = this.client.as("").get("/v3/ping");

		assertThat(ping.data().path("api").asString()).isEqualTo("ok");
		assertThat(ping.data().path("operators").path("mobilisFixedPlans").asString()).isEqualTo("up");
		assertThat(ping.header("X-RateLimit-Limit")).isEmpty();
	}

	@Test
	void validateDescribesTheKeyWithoutMeta() throws IOException {
		JsonNode body = this.client.as("reader").get("/v3/validate").json();

		assertThat(body.propertyNames()).containsExactly("success", "data");
		assertThat(body.path("data").toString()).isEqualTo("{\"username\":\"+213665983439\",\"apiKey\":"
				+ "{\"key\":\"reader\",\"isEnabled\":true,\"type\":\"PRODUCTION\",\"allowedips\":[],\"scope\":\"READ-ONLY\"}}");
	}

	@Test
	void successStandsInTheEnvelope() throws IOException {
		SimulatorClient.Response balance = this.client.get("/v3/account/balance");

		assertThat(balance.json().propertyNames()).containsExactly("success", "data", "meta", "requestId");
		assertThat(balance.json().path("meta").path("timestamp").asString()).isEqualTo("2026-01-15T10:00:00.000Z");
		assertThat(balance.header("X-Request-ID")).isEqualTo(balance.json().path("requestId").asString());
		assertThat(balance.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
		assertThat(balance.header("Date")).isEqualTo("Thu, 15 Jan 2026 10:00:00 GMT");
	}

	@Test
	void missingKeyIsNotCountedButABadOneIs() throws IOException {
		SimulatorClient.Response missing = this.client.as("").get("/v3/validate");
		SimulatorClient.Response bad = this.client.as("bad").get("/v3/validate");

		assertThat(missing.status()).isEqualTo(401);
		assertThat(missing.code()).isEqualTo("MISSING_ACCESS_TOKEN");
		assertThat(bad.status()).isEqualTo(401);
		assertThat(bad.code()).isEqualTo("INVALID_ACCESS_TOKEN");
		assertThat(attemptsLeft(bad)).isEqualTo(4);
	}

	@Test
	void fifthBadKeyBlocksTheAddressForEveryKey() throws IOException {
		for (int left = 4; left >= 0; left--) {
			assertThat(attemptsLeft(this.client.as("bad").get("/v3/validate"))).isEqualTo(left);
		}

		SimulatorClient.Response blocked = this.client.get("/v3/validate");
		this.clock.advance(Duration.ofMinutes(15).minusMillis(1));
		SimulatorClient.Response stillBlocked = this.client.get("/v3/validate");
		this.clock.advance(Duration.ofMillis(1));

		assertThat(blocked.status()).isEqualTo(403);
		assertThat(blocked.code()).isEqualTo("IP_BLOCKED");
		assertThat(stillBlocked.code()).isEqualTo("IP_BLOCKED");
		assertThat(this.client.get("/v3/validate").status()).isEqualTo(200);
	}

	@Test
	void goodKeyInBetweenDoesNotClearTheCount() throws IOException {
		this.client.as("bad").get("/v3/validate");
		this.client.get("/v3/validate");

		assertThat(attemptsLeft(this.client.as("bad").get("/v3/validate"))).isEqualTo(3);
	}

	@Test
	void readOnlyKeyReadsAndIsRefusedToBuy() throws IOException {
		SimulatorClient.Response refused = this.client.as("reader").send("036362608", "order-1");

		assertThat(refused.status()).isEqualTo(403);
		assertThat(this.client.as("reader").get("/v3/account/balance").status()).isEqualTo(200);
		assertThat(this.simulator.account("reader").orders()).isEmpty();
	}

	@Test
	void keysOfOneUserShareTheirAccount() throws IOException {
		assertThat(balance("reader")).isEqualByComparingTo("100");
		assertThat(balance("sandbox")).isEqualByComparingTo("0");
	}

	@Test
	void sandboxBuysWithoutPaying() throws IOException {
		assertThat(this.client.as("sandbox").send("036362608", "order-1").status()).isEqualTo(200);
		assertThat(this.simulator.account("sandbox").transactions()).isEmpty();
	}

	@Test
	void disabledRevokedAndFencedKeysAreToldApart() throws IOException {
		SimulatedAccount account = this.simulator.account(SimulatorClient.KEY);

		account.setKeyEnabled(false);
		assertThat(this.client.get("/v3/account/balance").code()).isEqualTo("API_DISABLED");
		account.setKeyEnabled(true);
		account.setAllowedAddresses(List.of("10.0.0.1"));
		assertThat(this.client.get("/v3/account/balance").code()).isEqualTo("IP_NOT_ALLOWED");
		account.setAllowedAddresses(List.of());
		account.setKeyRevoked(true);
		assertThat(this.client.get("/v3/account/balance").code()).isEqualTo("INVALID_ACCESS_TOKEN");
	}

	@Test
	void unknownRouteIsAnsweredByTheRouter() throws IOException {
		SimulatorClient.Response unknown = this.client.get("/v3/topup/send?x=1");

		assertThat(unknown.status()).isEqualTo(404);
		assertThat(unknown.raw().body()).isEqualTo(
				"{\"message\":\"Route GET:/v3/topup/send not found\",\"error\":\"Not Found\",\"statusCode\":404}");
		assertThat(this.client.get("/v3/internet/send").json().has("success")).isFalse();
		assertThat(this.client.get("/v3/internet/check-id/").status()).isEqualTo(404);
	}

	private BigDecimal balance(String key) throws IOException {
		return this.client.as(key).get("/v3/account/balance").data().path("balance").decimalValue();
	}

	private static int attemptsLeft(SimulatorClient.Response response) {
		return response.json().path("error").path("details").path("attemptsLeft").asInt();
	}

}
