package dz.flexy.gateway.callers;

import java.net.URI;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;

class AuthenticationFilterTest {

	private final CallersUnderTest under = new CallersUnderTest(CallersUnderTest.settings()
		.caller("other", "other-key")
		.caller("reader", "reader-key")
		.set("gateway.callers.reader.scopes", "orders:read")
		.set("gateway.failed-attempts.limit", 4)
		.set("gateway.callers.shop.limit", 2)
		.set("gateway.callers.shop.window", "10m"));

	private final WebTestClient client = this.under.client();

	@AfterEach
	void close() {
		this.under.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v3", "/v3/validate", "/v3/internet/list", "/v3/no/such/path", "/orders",
			"/orders/1/events", "/v3/ping/more" })
	void letsNobodyThroughWithoutAKey(String path) {
		assertRefused(get(path, null), "MISSING_ACCESS_TOKEN");
	}

	/** The router drops parameters and decodes, so the filter must too. */
	@ParameterizedTest
	@ValueSource(strings = { "/v3;a=b/validate", "/%763/validate", "/v%33/validate", "/orders;a=b", "/%6frders/1" })
	void aPathInDisguiseNeedsAKeyToo(String path) {
		assertRefused(get(path, null), "MISSING_ACCESS_TOKEN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/v3/ping", "/openapi.yaml", "/v30/x", "/orderstuff", "/track/1" })
	void needsNoKeyElsewhere(String path) {
		get(path, null).expectStatus().isOk().expectHeader().doesNotExist("X-RateLimit-Limit");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void aBlankKeyIsNone(String key) {
		assertRefused(get("/v3/validate", key), "MISSING_ACCESS_TOKEN");
	}

	@Test
	void refusesAnUnknownKeyWithoutRepeatingIt() {
		String body = assertRefused(get("/v3/validate", "wrong-key"), "INVALID_ACCESS_TOKEN");

		assertThat(body).doesNotContain("wrong-key");
	}

	@Test
	void doesNotTakeTheKeyFromTheQuery() {
		assertRefused(get("/v3/validate?X-Access-Token=shop-key", null), "MISSING_ACCESS_TOKEN");
	}

	@Test
	void showsTheCallersOwnKeyAndQuota() {
		get("/v3/validate", "shop-key").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("X-RateLimit-Limit", "2")
			.expectHeader()
			.valueEquals("X-RateLimit-Remaining", "1")
			.expectHeader()
			.valueEquals("X-RateLimit-Reset",
					Long.toString(this.under.clock().instant().plus(Duration.ofMinutes(10)).getEpochSecond()))
			.expectBody()
			.jsonPath("$.data.username")
			.isEqualTo("shop")
			.jsonPath("$.data.apiKey.key")
			.isEqualTo("shop-key")
			.jsonPath("$.data.apiKey.scope")
			.isEqualTo("READ-WRITE");
	}

	@Test
	void refusesOneRequestTooMany() {
		get("/v3/validate", "shop-key").expectStatus().isOk();
		get("/v3/validate", "shop-key").expectStatus().isOk().expectHeader().valueEquals("X-RateLimit-Remaining", "0");
		this.under.clock().advance(Duration.ofMinutes(4));

		get("/v3/validate", "shop-key").expectStatus()
			.isEqualTo(429)
			.expectHeader()
			.valueEquals("Retry-After", "360")
			.expectHeader()
			.valueEquals("X-RateLimit-Remaining", "0")
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("RATE_LIMIT_EXCEEDED")
			.jsonPath("$.error.details.moneyMayHaveMoved")
			.isEqualTo(false)
			.jsonPath("$.error.details.retrySafe")
			.isEqualTo(true);
	}

	@Test
	void oneCallersRequestsDoNotCountForAnother() {
		for (int i = 0; i < 3; i++) {
			get("/v3/validate", "shop-key");
		}

		get("/v3/validate", "other-key").expectStatus().isOk();
	}

	@Test
	void tellsAReaderThatHeCannotBuy() {
		get("/v3/validate", "reader-key").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("Cache-Control", "no-store")
			.expectBody()
			.jsonPath("$.data.username")
			.isEqualTo("reader")
			.jsonPath("$.data.apiKey.scope")
			.isEqualTo("READ-ONLY")
			.jsonPath("$.data.apiKey.isEnabled")
			.isEqualTo(true)
			.jsonPath("$.data.apiKey.type")
			.isEqualTo("PRODUCTION")
			.jsonPath("$.data.apiKey.allowedips")
			.isEmpty()
			.jsonPath("$.data.apiKey.length()")
			.isEqualTo(5);
	}

	@Test
	void limitsUnknownKeysAndLetsAKnownOnePass() {
		get("/v3/validate", "wrong-key").expectBody().jsonPath("$.error.details.attemptsLeft").isEqualTo(3);
		for (int i = 0; i < 3; i++) {
			assertRefused(get("/v3/validate", "wrong-key-" + i), "INVALID_ACCESS_TOKEN");
		}
		this.under.clock().advance(Duration.ofSeconds(18));

		get("/v3/validate", "wrong-key").expectStatus()
			.isEqualTo(429)
			.expectHeader()
			.valueEquals("Retry-After", "42")
			.expectHeader()
			.doesNotExist("X-RateLimit-Limit")
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("RATE_LIMIT_EXCEEDED")
			.jsonPath("$.error.details.retrySafe")
			.isEqualTo(true);
		get("/v3/validate", "shop-key").expectStatus().isOk();
		assertRefused(get("/v3/validate", null), "MISSING_ACCESS_TOKEN");
	}

	@Test
	void refusedKeysCountForNobody() {
		for (int i = 0; i < 3; i++) {
			get("/v3/validate", "wrong-key");
		}

		get("/v3/validate", "shop-key").expectStatus().isOk().expectHeader().valueEquals("X-RateLimit-Remaining", "1");
	}

	private ResponseSpec get(String path, String key) {
		return this.client.get().uri(URI.create(path)).headers((headers) -> {
			if (key != null) {
				headers.set("X-Access-Token", key);
			}
		}).exchange();
	}

	private static String assertRefused(ResponseSpec response, String code) {
		String body = response.expectStatus().isEqualTo(401).expectBody(String.class).returnResult().getResponseBody();
		assertThat(body).contains("\"code\":\"" + code + "\"", "\"message\":\"" + code + ": ");
		return body;
	}

}
