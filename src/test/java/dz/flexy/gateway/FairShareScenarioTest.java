package dz.flexy.gateway;

import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/** Two callers share what one account may send. */
@Isolated("measures shares")
@Tag("proof")
class FairShareScenarioTest {

	private static final int MANY = 40;

	private static final int FEW = 10;

	/** Four calls a second. */
	@Test
	void aFloodDoesNotHoldUpAnotherCallersOrders() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start(Map.of("gateway.upstream.accounts.main.limit", 5,
				"gateway.upstream.accounts.main.window", "1s", "gateway.dispatch.send-deadline", "60s"))) {
			send(gateway, GatewayUnderTest.KEY, "shop-", MANY);
			int earlier = sends(gateway).size();
			List<String> few = send(gateway, GatewayUnderTest.OTHER_KEY, "other-", FEW);

			awaitSend(gateway, few.getLast());

			List<String> sent = sends(gateway);
			assertThat(sent).containsSubsequence(few);
			assertThat(sent.stream().skip(earlier).limit(sent.indexOf(few.getLast()) - earlier))
				.as("turn by turn, but for those claimed before")
				.hasSizeLessThan(FEW * 3);
			assertThat(sent.indexOf(few.getFirst()) - earlier).as("the newcomer's first").isLessThan(FEW);
		}
	}

	/** Their answers take long; what waits is begun in the meantime. */
	@Test
	void sendsThatAreNotAnsweredHoldUpNobody() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start(Map.of("gateway.upstream.accounts.main.limit", 20,
				"gateway.upstream.accounts.main.window", "10s", "gateway.upstream.response-timeout", "40s"))) {
			for (int i = 0; i < 6; i++) {
				gateway.upstream().faults().next(Fault.hangAfterCommit(), RequestMatch.onSend());
			}

			List<String> ids = send(gateway, GatewayUnderTest.KEY, "slow-", 6);

			ids.forEach((id) -> awaitSend(gateway, id));
			assertThat(sends(gateway)).containsExactlyInAnyOrderElementsOf(ids);
		}
	}

	/** Accepts so many; their ids. */
	private static List<String> send(GatewayUnderTest gateway, String key, String prefix, int number) {
		return Flux.range(0, number)
			.concatMap(
					(i) -> gateway.send(Map.of("type", "ADSL", "number", "036365010", "value", 1000, "ref", prefix + i),
							Map.of("Prefer", "respond-async", "X-Access-Token", key)))
			.doOnNext((answer) -> assertThat(answer.status()).isEqualTo(202))
			.map(Answer::topupId)
			.collectList()
			.block(GatewayUnderTest.patience());
	}

	private static void awaitSend(GatewayUnderTest gateway, String id) {
		gateway.upstream()
			.requests()
			.first(RequestMatch.onSend().and((request) -> request.ref().endsWith(id)))
			.block(GatewayUnderTest.patience());
	}

	/** Ids of what was sent, in that order. */
	private static List<String> sends(GatewayUnderTest gateway) {
		return gateway.upstream()
			.requests()
			.where(RequestMatch.onSend())
			.stream()
			.map((request) -> request.ref().substring(2))
			.toList();
	}

}
