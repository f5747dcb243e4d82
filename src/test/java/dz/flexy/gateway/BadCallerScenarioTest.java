package dz.flexy.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers without a key, without the scope, beyond their quota, or at a wrong address.
 */
class BadCallerScenarioTest extends BadInputScenario {

	private static final String ORDER = "{\"type\":\"ADSL\",\"number\":\"036362601\",\"value\":1000}";

	private static final List<String> PROTECTED = List.of("/v3", "/v3/internet/list", "/v3/internet/products?type=ADSL",
			"/v3/internet/check-number?type=ADSL&number=036362601", "/v3/internet/check-id/x", "/v3/account/balance",
			"/v3/validate", "/v3/nothing", "/orders", "/orders/events", "/orders/x", "/orders/x/card",
			"/orders/x/events", "/%763/internet/list", "/v3;a=b/internet/list", "/%6frders", "/orders;a/events",
			"/v3;/validate");

	@Override
	Map<String, Object> settings() {
		Map<String, Object> settings = new LinkedHashMap<>();
		caller(settings, "reader", "scopes", "orders:read");
		caller(settings, "writer", "scopes", "orders:write");
		caller(settings, "hasty", "limit", 2);
		settings.put("gateway.callers.hasty.window", "1h");
		return settings;
	}

	@Test
	void asksForAKeyOnEveryPathOfCallers() {
		for (String path : PROTECTED) {
			assertThatProblem(get(path, Map.of())).is(401, "MISSING_ACCESS_TOKEN").isHarmless();
			assertThatProblem(get(path, key(""))).is(401, "MISSING_ACCESS_TOKEN");
			assertThatProblem(get(path, key("sim-key-1"))).is(401, "INVALID_ACCESS_TOKEN").isHarmless();
		}
	}

	@Test
	void acceptsNoOrderWithoutAGoodKey() {
		byte[] body = ORDER.getBytes();

		assertThatProblem(exchange(HttpMethod.POST, SEND, Map.of(), body)).is(401, "MISSING_ACCESS_TOKEN");
		assertThatProblem(exchange(HttpMethod.POST, SEND, key("SHOP-KEY"), body)).is(401, "INVALID_ACCESS_TOKEN");
		assertThatProblem(exchange(HttpMethod.POST, "/v3;a/internet/send", Map.of(), body)).is(401,
				"MISSING_ACCESS_TOKEN");
	}

	@Test
	void demandsTheScopeOfEachPath() {
		assertThatProblem(exchange(HttpMethod.POST, SEND, key("reader-key"), ORDER.getBytes()))
			.is(403, "INSUFFICIENT_SCOPE")
			.tellsQuota()
			.isHarmless();
		assertThatProblem(exchange(HttpMethod.POST, "/orders/" + this.order + "/cancel", key("reader-key"), NOTHING))
			.is(403, "INSUFFICIENT_SCOPE");
		for (String path : List.of("/v3/internet/list", "/v3/internet/check-id/" + this.order,
				"/v3/internet/check-ref/first", "/v3/internet/products?type=ADSL",
				"/v3/internet/check-number?type=ADSL&number=036362601", "/v3/account/balance", "/orders",
				"/orders/" + this.order, "/orders/" + this.order + "/card", "/orders/" + this.order + "/events",
				"/orders/events")) {
			assertThatProblem(get(path, key("writer-key"))).is(403, "INSUFFICIENT_SCOPE").tellsQuota();
		}
	}

	@Test
	void refusesBeyondTheCallersQuota() {
		assertThat(get("/orders", key("hasty-key")).status()).isEqualTo(200);
		assertThat(get("/orders", key("hasty-key")).headers().getFirst("X-RateLimit-Remaining")).isEqualTo("0");

		assertThatProblem(get("/orders", key("hasty-key"))).is(429, "RATE_LIMIT_EXCEEDED")
			.tellsQuota()
			.retriesLater()
			.isHarmless();
		assertThat(get("/orders").status()).isEqualTo(200);
	}

	@Test
	void knowsNoOtherPathsAndMethods() {
		for (String path : List.of("/v3", "/v3/", "/v3/nothing", "/v3/ping/", "/v3/internet/send", "/v3/internet",
				"/v3/internet/check-id", "/v3/internet/check-id/a/b", "/v4/internet/send", "/orders/x/cancel",
				"/orders/x/y", "/actuator/health", "/V3/internet/list")) {
			assertThatProblem(get(path)).is(404, "NOT_FOUND");
		}
		for (HttpMethod method : List.of(HttpMethod.PUT, HttpMethod.DELETE, HttpMethod.PATCH)) {
			assertThatProblem(exchange(method, SEND, key(GatewayUnderTest.KEY), NOTHING)).is(404, "NOT_FOUND")
				.tellsQuota();
		}
		assertThatProblem(exchange(HttpMethod.POST, "/v3/internet/list", key(GatewayUnderTest.KEY), NOTHING)).is(404,
				"NOT_FOUND");
	}

	@Test
	void rendersErrorsAsJsonWhateverIsAccepted() {
		for (String accept : List.of("text/html", "text/event-stream", "application/xml", "image/png;q=0.1", "nonsense",
				"*/*", "application/json;charset=utf-16")) {
			Map<String, String> headers = Map.of("X-Access-Token", GatewayUnderTest.KEY, "Accept", accept);

			assertThatProblem(get("/v3/internet/check-id/unknown", headers)).is(404, "NOT_FOUND");
			assertThatProblem(get("/v3/nothing", headers)).is(404, "NOT_FOUND");
			assertThatProblem(get("/orders/unknown/events", headers)).is(404, "NOT_FOUND");
			assertThatProblem(get("/v3/internet/list", Map.of("Accept", accept))).is(401, "MISSING_ACCESS_TOKEN");
		}
	}

	private static Map<String, String> key(String key) {
		return Map.of("X-Access-Token", key);
	}

	private static void caller(Map<String, Object> settings, String name, String setting, Object value) {
		settings.putAll(new GatewaySettings().caller(name, name + "-key").asMap());
		settings.put("gateway.callers." + name + "." + setting, value);
	}

}
