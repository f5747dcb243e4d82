package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** A caller who may order 2000 DZD in a window of ten years. */
class SpendLimitScenarioTest {

	private static final Duration WINDOW = Duration.ofDays(3650);

	/** Settle nothing by themselves. */
	private static final String FIRST = "036365089";

	private static final String SECOND = "036365189";

	private static final String THIRD = "036365289";

	@Test
	void stopsAtTheLimitAndGoesOnAfterARefund() {
		try (GatewayUnderTest gateway = GatewayUnderTest
			.start(Map.of("gateway.callers.shop.spend-limit", "2000", "gateway.callers.shop.spend-window", WINDOW))) {
			Answer first = keyed(gateway, FIRST, "first");
			Answer repeat = keyed(gateway, FIRST, "first");
			Answer second = send(gateway, SECOND, "second");
			Answer tooMuch = send(gateway, THIRD, "third");

			assertThat(repeat.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
			assertThat(second.status()).isEqualTo(200);
			assertThatProblem(tooMuch).is(429, "SPEND_LIMIT_EXCEEDED").tellsQuota().isHarmless();
			assertThat(tooMuch.body().at("/error/details/limit").decimalValue()).isEqualByComparingTo("2000");
			assertThat(tooMuch.body().at("/error/details/spent").decimalValue()).isEqualByComparingTo("2000");
			assertThat(Long.parseLong(tooMuch.headers().getFirst("Retry-After")))
				.isBetween(Duration.ofDays(1).toSeconds(), WINDOW.toSeconds());
			assertThat(gateway.get("/orders").block(GatewayUnderTest.patience()).data().toString())
				.doesNotContain("third");

			refund(gateway, first);

			assertThat(send(gateway, THIRD, "third").status()).isEqualTo(200);
			assertThatProblem(send(gateway, FIRST, "fourth")).is(429, "SPEND_LIMIT_EXCEEDED");
			assertThatProblem(send(gateway, SECOND, "second")).is(403, "DUPLICATED_REF");
			assertThat(keyed(gateway, FIRST, "first").status()).isEqualTo(200);
			assertThat(other(gateway).status()).isEqualTo(200);
		}
	}

	/** All but one overtook the first copy, which took the last of the limit. */
	@Test
	void copiesOfOneRequestAreNotToldThatTheMoneyIsSpent() {
		try (GatewayUnderTest gateway = GatewayUnderTest
			.start(Map.of("gateway.callers.shop.spend-limit", "1000", "gateway.callers.shop.spend-window", WINDOW))) {
			gateway.get("/v3/validate").block(GatewayUnderTest.patience());

			List<Answer> answers = Flux.range(0, 10)
				.flatMap((i) -> gateway.send(Map.of("type", "ADSL", "number", FIRST, "value", 1000),
						Map.of("Idempotency-Key", "only")))
				.collectList()
				.block(GatewayUnderTest.patience());

			assertThat(answers).hasSize(10).filteredOn((answer) -> answer.status() == 200).isNotEmpty();
			assertThat(answers).filteredOn((answer) -> answer.status() != 200)
				.allSatisfy((answer) -> assertThatProblem(answer).is(409, "IDEMPOTENCY_KEY_IN_USE"));
		}
	}

	private static void refund(GatewayUnderTest gateway, Answer answer) {
		String upstreamId = gateway.get("/orders/{id}", answer.topupId())
			.map((order) -> order.data().path("upstreamId").asString())
			.block(GatewayUnderTest.patience());
		gateway.upstream().account("sim-key-1").settle(upstreamId, "REFUNDED");
		assertThat(gateway.end(answer.topupId()).block(GatewayUnderTest.patience()).path("state").asString())
			.isEqualTo("REFUNDED");
	}

	private static Answer send(GatewayUnderTest gateway, String number, String ref) {
		return gateway.send(number, ref).block(GatewayUnderTest.patience());
	}

	private static Answer keyed(GatewayUnderTest gateway, String number, String ref) {
		return gateway
			.send(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref), Map.of("Idempotency-Key", ref))
			.block(GatewayUnderTest.patience());
	}

	/** Whoever has no limit is not held up by another's. */
	private static Answer other(GatewayUnderTest gateway) {
		return gateway
			.send(Map.of("type", "ADSL", "number", THIRD, "value", 1000, "ref", "other"),
					Map.of("X-Access-Token", GatewayUnderTest.OTHER_KEY))
			.block(GatewayUnderTest.patience());
	}

}
