package dz.flexy.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

/** What each answer says of the caller's quota, and each 429 and 503 of when to come. */
class QuotaScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	@Test
	void everyAnswerTellsTheQuota() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
			assertTold(200, gateway.get("/v3/validate").block(PATIENCE));
			assertTold(200, gateway.get("/v3/account/balance").block(PATIENCE));
			assertTold(200, gateway.send("036362680", "quota").block(PATIENCE));
			assertTold(403, gateway.send("036362680", "quota").block(PATIENCE));
			assertTold(400, gateway.send(Map.of("type", "none")).block(PATIENCE));
			assertTold(404, gateway.get("/v3/no/such/path").block(PATIENCE));
			assertTold(404, gateway.get("/orders/{id}", "none").block(PATIENCE));
			assertTold(404,
					gateway
						.exchange(HttpMethod.DELETE, "/v3/validate", Map.of("X-Access-Token", GatewayUnderTest.KEY),
								new byte[0])
						.block(PATIENCE));
			assertTold(streamHeaders(gateway));
		}
	}

	@Test
	void a429SaysWhenToComeAgain() {
		try (GatewayUnderTest gateway = GatewayUnderTest
			.start(Map.of("gateway.callers.shop.limit", 1, "gateway.callers.shop.window", "10m"))) {
			gateway.get("/v3/validate").block(PATIENCE);

			assertWaits(429, gateway.get("/v3/validate").block(PATIENCE));
		}
	}

	@Test
	void each503SaysWhenToComeAgain() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
			gateway.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onAny()).always();
			assertWaits(503, gateway.get("/v3/internet/products?type=ADSL").block(PATIENCE));
			assertWaits(503, gateway.get("/v3/account/balance").block(PATIENCE));

			gateway.upstream().faults().clear();
			gateway.upstream().account("sim-key-1").setKeyRevoked(true);
			assertWaits(503, gateway.get("/v3/account/balance").block(PATIENCE));
			assertWaits(503, gateway.send("036362601", "stopped").block(PATIENCE));

			gateway.database().shut();
			assertWaits(503, gateway.get("/orders").block(PATIENCE));
			assertWaits(503, gateway.send("036362601", "no database").block(PATIENCE));
		}
	}

	@Test
	void theLimitIsDividedAmongTheReplicas() {
		try (GatewayUnderTest first = GatewayUnderTest.start(Map.of("gateway.callers.shop.limit", 100))) {
			assertThat(limit(first)).isEqualTo("100");
			List<GatewayUnderTest> others = new ArrayList<>(
					List.of(first.another(Map.of("gateway.callers.shop.limit", 100)),
							first.another(Map.of("gateway.callers.shop.limit", 100))));
			awaitLimit(first, "34");
			awaitLimit(others.get(0), "34");

			others.forEach(GatewayUnderTest::close);
			awaitLimit(first, "100");
		}
	}

	/** A stream does not end, so it is left at its headers. */
	private static HttpHeaders streamHeaders(GatewayUnderTest gateway) {
		return gateway.client()
			.get()
			.uri("/orders/events")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchangeToFlux((response) -> Flux.just(response.headers().asHttpHeaders())
				.concatWith(response.bodyToFlux(String.class).ignoreElements().cast(HttpHeaders.class)))
			.blockFirst(PATIENCE);
	}

	private static void awaitLimit(GatewayUnderTest gateway, String limit) {
		Flux.interval(Duration.ofMillis(300))
			.onBackpressureDrop()
			.concatMap((i) -> gateway.get("/v3/validate"))
			.filter((answer) -> limit.equals(answer.headers().getFirst("X-RateLimit-Limit")))
			.blockFirst(PATIENCE);
	}

	private static String limit(GatewayUnderTest gateway) {
		return gateway.get("/v3/validate").block(PATIENCE).headers().getFirst("X-RateLimit-Limit");
	}

	private static void assertWaits(int status, Answer answer) {
		assertTold(status, answer);
		assertThat(Integer.parseInt(answer.headers().getFirst("Retry-After"))).isPositive();
	}

	private static void assertTold(int status, Answer answer) {
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
		assertTold(answer.headers());
	}

	private static void assertTold(HttpHeaders headers) {
		assertThat(Integer.parseInt(headers.getFirst("X-RateLimit-Limit"))).isPositive();
		assertThat(Integer.parseInt(headers.getFirst("X-RateLimit-Remaining"))).isNotNegative();
		assertThat(Long.parseLong(headers.getFirst("X-RateLimit-Reset"))).isGreaterThan(1_700_000_000);
	}

}
