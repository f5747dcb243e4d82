package dz.flexy.gateway;

import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers are told while the upstream refuses the gateway's key. */
class KeyScenarioTest {

	private static final String KEY = "gateway.upstream.accounts.main.api-key";

	@Test
	void aWrongKeyIsShownOnceAndNothingIsBought() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start(Map.of(KEY, "wrong"))) {
			Answer first = gateway.send("036362601", "first").block(GatewayUnderTest.patience());
			Answer second = gateway.send("036362601", "second").block(GatewayUnderTest.patience());
			gateway.restart();
			Answer third = gateway.send("036362601", "third").block(GatewayUnderTest.patience());

			assertThat(first.status()).isEqualTo(503);
			assertThat(first.code()).isEqualTo("NOT_SENT_IN_TIME");
			assertStopped(second);
			assertStopped(third);
			assertThat(gateway.upstream().requests().all()).hasSize(1);
		}
	}

	@Test
	void aKeyRevokedWhileRunningIsSoonLeftAlone() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
			Answer open = gateway.send("036362689", "open").block(GatewayUnderTest.patience());
			assertThat(open.status()).isEqualTo(200);

			gateway.upstream().account("sim-key-1").setKeyRevoked(true);
			Flux.range(0, 20)
				.concatMap((i) -> gateway.send("036362601", "revoked-" + i))
				.blockLast(GatewayUnderTest.patience());

			assertStopped(gateway.send("036362601", "last").block(GatewayUnderTest.patience()));
			assertThat(gateway.upstream().requests().count((request) -> request.status() >= 400)).isBetween(1L, 4L);
			assertThat(gateway.upstream().account("sim-key-1").orders()).hasSize(1);
		}
	}

	private static void assertStopped(Answer answer) {
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.code()).isEqualTo("UPSTREAM_ACCOUNT_STOPPED");
		assertThat(Integer.parseInt(answer.headers().getFirst("Retry-After"))).isBetween(600, 900);
		assertThat(answer.body().at("/error/details/moneyMayHaveMoved").asBoolean(true)).isFalse();
	}

}
