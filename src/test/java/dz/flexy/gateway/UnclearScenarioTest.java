package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of an order while one of the ways to find out about it fails as well.
 */
@TestInstance(Lifecycle.PER_CLASS)
class UnclearScenarioTest {

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@AfterEach
	void mend() {
		this.gateway.upstream().faults().clear();
		this.gateway.upstream().account("sim-key-1").setBalance(new BigDecimal("1000000"));
	}

	@Test
	void findsALostOrderByItsRefWhileListsFail() {
		this.gateway.upstream().faults().next(unreadable(), RequestMatch.onWord("list")).always();

		JsonNode end = end(send("036362651", "no-list", Fault.answerLost()));

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(bought(end)).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void followsManyOrdersWhileListsFail() {
		this.gateway.upstream().faults().next(unreadable(), RequestMatch.onWord("list")).always();

		List<JsonNode> ends = Mono
			.zip(this.gateway.send("036362652", "followed-1"), this.gateway.send("036362653", "followed-2"))
			.flatMap((sent) -> Mono.zip(this.gateway.end(sent.getT1().topupId()),
					this.gateway.end(sent.getT2().topupId())))
			.map((both) -> List.of(both.getT1(), both.getT2()))
			.block(GatewayUnderTest.patience());

		assertThat(ends).extracting((end) -> end.path("status").asString()).containsOnly("FULFILLED");
	}

	/**
	 * A conflict or a time-out may be told of a request that is still being worked on.
	 */
	@Test
	void doesNotRejectWhatAConflictMayStillBuy() {
		Fault conflict = new Fault("conflict", false, Duration.ofSeconds(1),
				Fault.refusedAfterCommit(409, "PAYMENT_IN_PROGRESS").effect());

		Answer answer = send("036362654", "conflict", conflict);

		assertThat(answer.status()).isEqualTo(200);
		assertThat(end(answer).path("status").asString()).isEqualTo("FULFILLED");
	}

	@Test
	void oneOrderThatCannotBeSettledLeavesTheOthersAlone() {
		Answer odd = sendAsync("036362655", "odd", Fault.hangBeforeCommit());
		Answer lost = sendAsync("036362656", "lost", Fault.hangAfterCommit());
		this.gateway.upstream()
			.requests()
			.first(RequestMatch.onSend().and(RequestMatch.onNumber("036362655")))
			.then(this.gateway.upstream()
				.requests()
				.first(RequestMatch.onSend().and(RequestMatch.onNumber("036362656"))))
			.block(GatewayUnderTest.patience());
		this.gateway.stop();
		unknown(odd.topupId(), "null");
		unknown(lost.topupId(), "now() - interval '1 minute'");
		this.gateway.upstream().faults().next(unreadable(), RequestMatch.onWord("list"));
		this.gateway.restart();

		assertThat(end(lost).path("status").asString()).isEqualTo("FULFILLED");
	}

	private void unknown(String id, String sendBy) {
		this.gateway.database()
			.client()
			.sql("update orders_order set state = 'SEND_UNKNOWN', due_at = now() - interval '1 minute', send_by = "
					+ sendBy + " where id = :id")
			.bind("id", id)
			.fetch()
			.rowsUpdated()
			.block(GatewayUnderTest.patience());
	}

	/** A good answer in a shape that nobody knows. */
	private static Fault unreadable() {
		return Fault.truncatedJson();
	}

	private Answer send(String number, String ref, Fault fault) {
		this.gateway.upstream().faults().next(fault, RequestMatch.onSend().and(RequestMatch.onNumber(number)));
		return this.gateway.send(number, ref).block(GatewayUnderTest.patience());
	}

	private Answer sendAsync(String number, String ref, Fault fault) {
		this.gateway.upstream().faults().next(fault, RequestMatch.onSend().and(RequestMatch.onNumber(number)));
		return this.gateway
			.send(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref),
					Map.of("Prefer", "respond-async"))
			.block(GatewayUnderTest.patience());
	}

	private JsonNode end(Answer answer) {
		assertThat(answer.status()).as("%s", answer.body()).isIn(200, 202);
		return this.gateway.end(answer.topupId()).block(GatewayUnderTest.patience());
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
