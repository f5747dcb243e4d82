package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorPaymentTest {

	private static final String BODY = """
			{"productInfo":{"title":"Premium Subscription","amount":5000},"currency":"DZD"%s}""";

	private static final FreshAccounts accounts = new FreshAccounts(20);

	private final SettableClock clock = accounts.clock();

	private final FreshAccounts.Own own = accounts.next();

	private final SimulatorClient client = this.own.client();

	private final SimulatedAccount account = this.own.account();

	@AfterEach
	void calm() {
		accounts.calm();
	}

	@AfterAll
	static void close() {
		accounts.close();
	}

	@Test
	void linkIsPendingUntilItIsPaid() throws IOException {
		String ref = create("").data().path("paymentRef").asString();

		assertThat(ref).matches("OCPL-[0-9A-F]{6}-[0-9A-F]{4}");
		assertThat(status(ref)).isEqualTo("PENDING");
		this.account.settleLink(ref, "CONFIRMED");
		this.account.settleLink(ref, "CONFIRMED");
		assertThat(status(ref)).isEqualTo("CONFIRMED");
		assertThat(this.account.balance()).isEqualByComparingTo("1005000");
	}

	@Test
	void linkDiesUnpaid() throws IOException {
		String ref = create("").data().path("paymentRef").asString();

		this.clock.advance(Duration.ofMinutes(20).minusMillis(1));
		assertThat(status(ref)).isEqualTo("PENDING");
		this.clock.advance(Duration.ofMillis(1));
		assertThat(status(ref)).isEqualTo("FAILED");
	}

	@Test
	void eachRequestMakesALinkAndItsIdStandsInMeta() throws IOException {
		JsonNode first = create("").json();
		create("");

		assertThat(first.propertyNames()).containsExactly("success", "data", "meta");
		assertThat(first.path("meta").propertyNames()).containsExactly("timestamp", "requestId");
		assertThat(first.path("data").path("paymentLink").path("feeMode").asString()).isEqualTo("NO_FEE");
		assertThat(this.account.links()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"productInfo\":{\"amount\":5000}}",
			"{\"productInfo\":{\"title\":\"\",\"amount\":5000}}", "{\"productInfo\":{\"title\":\"T\",\"amount\":499}}",
			"{\"productInfo\":{\"title\":\"T\",\"amount\":500001}}",
			"{\"productInfo\":{\"title\":\"T\",\"amount\":500.5}}",
			"{\"productInfo\":{\"title\":\"T\",\"amount\":\"5000\"}}",
			"{\"productInfo\":{\"title\":\"T\",\"amount\":5000},\"feeMode\":\"FREE\"}",
			"{\"productInfo\":{\"title\":\"T\",\"amount\":5000},\"redirectUrl\":\"javascript:x\"}" })
	void badLinkIsRefused(String body) throws IOException {
		assertThat(this.client.post("/v3/ocpay/createLink", body).code()).isEqualTo("ERR_VALIDATION");
		assertThat(this.account.links()).isEmpty();
	}

	@Test
	void lengthsAreBounded() throws IOException {
		assertThat(create(",\"successMessage\":\"" + "x".repeat(500) + "\"").status()).isEqualTo(200);
		assertThat(create(",\"successMessage\":\"" + "x".repeat(501) + "\"").code()).isEqualTo("ERR_VALIDATION");
	}

	@Test
	void unknownPaymentIsNotFound() throws IOException {
		assertThat(this.client.get("/v3/ocpay/checkPayment/OCPL-000000-0000").code()).isEqualTo("NOT_FOUND");
	}

	private SimulatorClient.Response create(String more) throws IOException {
		return this.client.post("/v3/ocpay/createLink", BODY.formatted(more));
	}

	private String status(String ref) throws IOException {
		return this.client.get("/v3/ocpay/checkPayment/" + ref).data().path("status").asString();
	}

}
