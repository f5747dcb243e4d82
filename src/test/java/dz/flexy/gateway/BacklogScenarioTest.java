package dz.flexy.gateway;

import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpMethod;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** More orders than the upstream's limit lets through in time. */
class BacklogScenarioTest {

	@Test
	void acceptsNoMoreThanCanBeBegunInTime() {
		try (GatewayUnderTest gateway = GatewayUnderTest
			.start(Map.of("gateway.upstream.accounts.main.limit", 12, "gateway.upstream.accounts.main.window", "60s",
					"gateway.dispatch.send-wait", "1s", "gateway.dispatch.send-deadline", "30s"))) {
			List<Answer> answers = Flux.range(0, 20)
				.concatMap((i) -> gateway.send(
						Map.of("type", "ADSL", "number", "0363650" + (10 + i), "value", 1000, "ref", "queued-" + i),
						Map.of("Prefer", "respond-async")))
				.collectList()
				.block(GatewayUnderTest.patience());
			List<Answer> accepted = answers.stream().filter((answer) -> answer.status() == 202).toList();
			List<Answer> refused = answers.stream().filter((answer) -> answer.status() != 202).toList();

			assertThat(accepted).hasSizeBetween(1, 8);
			assertThat(refused).allSatisfy((answer) -> assertThatProblem(answer).is(429, "RATE_LIMIT_EXCEEDED")
				.tellsQuota()
				.retriesLater()
				.isHarmless());
			assertThat(rows(gateway)).isEqualTo(accepted.size());
			assertThat(cancel(gateway, accepted.getLast()).data().path("state").asString()).isEqualTo("REJECTED");
		}
	}

	private static Answer cancel(GatewayUnderTest gateway, Answer answer) {
		return gateway
			.exchange(HttpMethod.POST, "/orders/" + answer.topupId() + "/cancel",
					Map.of("X-Access-Token", GatewayUnderTest.KEY), new byte[0])
			.block(GatewayUnderTest.patience());
	}

	private static long rows(GatewayUnderTest gateway) {
		return gateway.database()
			.client()
			.sql("select count(*) from orders_order")
			.mapValue(Long.class)
			.one()
			.block(GatewayUnderTest.patience());
	}

}
