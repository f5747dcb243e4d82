package dz.flexy.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.callers.Scope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callers without a key, without the scope, beyond their quota, or at a wrong address.
 */
class BadCallerScenarioTest extends BadInputScenario {

	private static final String ORDER = "{\"type\":\"ADSL\",\"number\":\"036362601\",\"value\":1000}";

	/** More than the other tests make from their address. */
	private static final int ATTEMPTS = 80;

	private static final List<String> PROTECTED = List.of("/v3", "/v3/internet/list", "/v3/internet/products?type=ADSL",
			"/v3/internet/check-number?type=ADSL&number=036362601", "/v3/internet/check-id/x", "/v3/account/balance",
			"/v3/validate", "/v3/nothing", "/orders", "/orders/events", "/orders/x", "/orders/x/card",
			"/orders/x/events", "/%763/internet/list", "/v3;a=b/internet/list", "/%6frders", "/orders;a/events",
			"/v3;/validate");

	@Override
	Map<String, Object> settings() {
		Map<String, Object> settings = new LinkedHashMap<>();
		caller(settings, "reader", "scopes", "orders:read");
		caller(settings, "nothing", "scopes", "");
		for (Scope scope : Scope.values()) {
			caller(settings, without(scope.label()), "scopes",
					Stream.of(Scope.values())
						.filter((other) -> other != scope && !(scope == Scope.ORDERS_READ && other == Scope.OPERATOR))
						.map(Scope::label)
						.collect(Collectors.joining(",")));
		}
		caller(settings, "hasty", "limit", 2);
		settings.put("gateway.callers.hasty.window", "1h");
		settings.put("gateway.failed-attempts.limit", ATTEMPTS);
		// Where Spring Boot would trust forwarded headers.
		settings.put("spring.main.cloud-platform", "kubernetes");
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
	void eachRouteSaysWhoMayUseIt() {
		assertThat(served()).containsExactlyInAnyOrderElementsOf(RouteScopes.table().keySet());
		assertThat(this.gateway.beans(RequestMappingHandlerMapping.class)).isNotEmpty()
			.allSatisfy((annotated) -> assertThat(annotated.getHandlerMethods()).isEmpty());
	}

	/** A key that may do everything else is refused; operators may read orders. */
	@TestFactory
	Stream<DynamicTest> demandsTheScopeOfEachRoute() {
		return RouteScopes.table()
			.entrySet()
			.stream()
			.filter((row) -> served().contains(row.getKey()) && !row.getValue().equals(RouteScopes.NO_KEY))
			.map((row) -> DynamicTest.dynamicTest(row.getKey(), () -> demands(row.getKey(), row.getValue())));
	}

	private void demands(String route, String scope) {
		HttpMethod method = HttpMethod.valueOf(route.substring(0, route.indexOf(' ')));
		String path = route.substring(route.indexOf(' ') + 1).replace("{}", "x");

		assertThatProblem(exchange(method, path, Map.of(), NOTHING)).is(401, "MISSING_ACCESS_TOKEN");
		if (scope.equals(RouteScopes.ANY_KEY)) {
			assertThat(exchange(method, path, key("nothing-key"), NOTHING).status()).isEqualTo(200);
			return;
		}
		if (scope.equals(RouteScopes.COOKIE)) {
			assertThatProblem(exchange(method, path, key(GatewayUnderTest.KEY), NOTHING)).is(401, "INVALID_TICKET");
			return;
		}
		Answer refused = exchange(method, path, key(without(scope) + "-key"), NOTHING);
		assertThatProblem(refused).is(403, "INSUFFICIENT_SCOPE").tellsQuota().isHarmless();
		assertThat(refused.body().at("/error/message").asString()).endsWith(" " + scope);
	}

	@Test
	void limitsUnknownKeysByThePeersAddressWhateverIsForwarded() {
		RawHttp neighbour = new RawHttp(this.gateway.uri(), "127.0.0.2");
		for (int i = 0; i < ATTEMPTS; i++) {
			Answer refused = neighbour.exchange("GET /v3/validate", forwarded("guess-" + i, i), NOTHING);
			assertThatProblem(refused).is(401, "INVALID_ACCESS_TOKEN");
			assertThat(refused.body().at("/error/details/attemptsLeft").asInt()).isEqualTo(ATTEMPTS - 1 - i);
		}

		assertThatProblem(neighbour.exchange("GET /v3/validate", forwarded("guess", ATTEMPTS), NOTHING))
			.is(429, "RATE_LIMIT_EXCEEDED")
			.isHarmless();
		assertThat(neighbour.exchange("GET /v3/validate", key(GatewayUnderTest.KEY), NOTHING).status()).isEqualTo(200);
		assertThatProblem(get("/v3/validate", key("guess"))).is(401, "INVALID_ACCESS_TOKEN");
	}

	private static Map<String, String> forwarded(String key, int client) {
		return Map.of("X-Access-Token", key, "X-Forwarded-For", "203.0.113." + client, "Forwarded",
				"for=203.0.113." + client);
	}

	/** Some of them the server refuses by itself, before the gateway sees them. */
	@Test
	void standsAnythingInHeaders() {
		for (String header : List.of("X-Access-Token", "Idempotency-Key", "Prefer", "Last-Event-ID", "Accept",
				"Content-Type", "X-Forwarded-For")) {
			for (String value : List.of("\u0001", "a\u0000b", "\u007f", "\u00ff\u00fe", "\t", "\u001b[31m", "%00",
					"\u0085", ";", ",", "\"", "=", "a\rb")) {
				for (String start : List.of("GET /orders/x/events", "POST " + SEND)) {
					Map<String, String> headers = new LinkedHashMap<>(Map.of("Content-Length", "0"));
					headers.put(header, value);
					assertThat(raw(start, headers, NOTHING).status()).as("%s: %s of %s", header, value, start)
						.isBetween(200, 499);
				}
			}
		}
	}

	@Test
	void wrapsTheRefusalOfABrokenPath() {
		for (String path : List.of("/%", "/%zz", "/v3/internet/check-ref/100%", "/v3/%1/validate", "/orders?ref=%g0",
				"/v3/validate?%")) {
			Answer refused = raw("GET " + path, Map.of(), NOTHING);
			assertThatProblem(refused).is(400, "ERR_VALIDATION").isHarmless();
		}
		Answer bare = raw("HEAD /%", Map.of(), NOTHING);
		assertThat(bare.status()).isEqualTo(400);
		assertThat(bare.body()).isEmpty();
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

	private Set<String> served() {
		return this.gateway.beans(RouterFunctionMapping.class)
			.stream()
			.map(RouterFunctionMapping::getRouterFunction)
			.filter(Objects::nonNull)
			.flatMap((router) -> ServedRoutes.of(router).stream())
			.collect(Collectors.toSet());
	}

	private static String without(String scope) {
		return "without-" + scope.replace(':', '-');
	}

	private static Map<String, String> key(String key) {
		return Map.of("X-Access-Token", key);
	}

	private static void caller(Map<String, Object> settings, String name, String setting, Object value) {
		settings.putAll(new GatewaySettings().caller(name, name + "-key").asMap());
		settings.put("gateway.callers." + name + "." + setting, value);
	}

}
