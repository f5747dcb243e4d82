package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every kind of unclear answer, one order each, all at once. Each test has a gateway of
 * its own: so many failures open its breaker.
 */
class LostAnswerScenarioTest {

	private GatewayUnderTest gateway;

	@BeforeEach
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterEach
	void close() {
		this.gateway.close();
	}

	@Test
	void buysOnceWhereTheUpstreamHadAccepted() {
		List<Fault> faults = List.of(Fault.errorAfterCommit(), Fault.unavailableAfterCommit(),
				Fault.htmlAfterCommit(502), Fault.truncatedJson(), Fault.bodyCutShort(), Fault.hangAfterCommit(),
				Fault.resetAfterCommit());

		assertThat(sendWith(faults)).hasSameSizeAs(faults).allSatisfy((end) -> {
			assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
			assertThat(end.path("sends").asInt()).isEqualTo(1);
			assertThat(bought(end)).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
		});
	}

	@Test
	void sendsAgainUnderTheSameRefWhatIsProvenAbsent() {
		List<Fault> faults = List.of(Fault.cutBeforeCommit(), Fault.errorBeforeCommit(),
				Fault.unavailableBeforeCommit(), Fault.hangBeforeCommit());

		assertThat(sendWith(faults)).hasSameSizeAs(faults).allSatisfy((end) -> {
			assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
			assertThat(end.path("sends").asInt()).isEqualTo(2);
			assertThat(bought(end)).hasSize(1);
		});
	}

	private List<JsonNode> sendWith(List<Fault> faults) {
		return Flux.range(0, faults.size()).flatMap((i) -> {
			String number = "03636262" + i;
			this.gateway.upstream()
				.faults()
				.next(faults.get(i), RequestMatch.onSend().and(RequestMatch.onNumber(number)));
			return this.gateway.send(number, "fault-" + i);
		}).flatMap((answer) -> this.gateway.end(answer.topupId())).collectList().block(Duration.ofSeconds(60));
	}

	private List<SimulatedOrder> bought(JsonNode order) {
		String ref = order.path("upstreamRef").asString();
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((bought) -> bought.ref().equals(ref))
			.toList();
	}

}
