package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedAccount;
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
 * Each way in which a send can go wrong, over real HTTP: what is bought, and what the
 * caller is told.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MoneyScenarioTest {

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	/** What arrived late in one test makes the next proof of absence no longer. */
	@AfterEach
	void mend() {
		this.gateway.database().client().sql("delete from dispatch_delay").then().block(GatewayUnderTest.patience());
		this.gateway.upstream().faults().clear();
		this.gateway.upstream().refuseConnections(false);
		this.gateway.upstream().account("sim-key-1").setBalance(new BigDecimal("1000000"));
	}

	@Test
	void ordersOnceWhereTheAnswerWasLost() {
		fault(Fault.answerLost());

		Answer answer = send("036362601", "answer-lost");
		JsonNode end = end(answer);

		assertThat(answer.status()).isEqualTo(200);
		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(bought(end)).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void looksNothingUpWhereTheConnectionWasRefused() {
		this.gateway.upstream().requests().clear();
		this.gateway.upstream().refuseConnections(true);
		Mono<Answer> sending = this.gateway.send("036362604", "refused-connection").cache();
		sending.subscribe();

		String id = waitingOrder("refused-connection");
		this.gateway.upstream().refuseConnections(false);
		JsonNode end = end(id);

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(bought(end)).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
		assertThat(lookUps(end)).isZero();
	}

	@Test
	void sendsAgainWithoutALookUpAfter429() {
		this.gateway.upstream().requests().clear();
		fault(Fault.limited(Duration.ofSeconds(1)));

		JsonNode end = end(send("036362605", "limited"));

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(end.path("sends").asInt()).isEqualTo(1);
		assertThat(bought(end)).hasSize(1);
		assertThat(lookUps(end)).isZero();
	}

	@Test
	void adoptsWhereARefusedResendHadArrivedBefore() {
		Answer answer = lateArrival("036362606", "late-arrival");
		// Shown before the second send is answered, as there may be a third soon after.
		this.gateway.upstream()
			.faults()
			.next(Fault.refused(403, "INSUFFICIENT_BALANCE"),
					RequestMatch.onSend().and(RequestMatch.onNumber("036362606")).and((second) -> {
						show("036362606");
						return true;
					}));

		JsonNode end = end(answer);

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(end.path("sends").asInt()).isGreaterThan(1);
		assertThat(bought(end)).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void adoptsWhatItsOwnRefAlreadyBought() {
		Answer answer = lateArrival("036362609", "duplicate");
		showOnceSentAgain("036362609");

		JsonNode end = end(answer);

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(end.path("sends").asInt()).isEqualTo(2);
		assertThat(bought(end)).hasSize(1);
	}

	@Test
	void neverGivesUpWhatTheUpstreamSaysItKnows() {
		fault(Fault.duplicatedRef());
		Answer answer = send("036362610", "known-upstream");

		long looks = this.gateway.upstream().requests().count(RequestMatch.onWord("list"));
		this.gateway.upstream()
			.requests()
			.first(RequestMatch.onWord("list").and((look) -> laterLook(looks + 1)))
			.block(GatewayUnderTest.patience());
		JsonNode order = this.gateway.get("/orders/{id}", answer.topupId()).block(GatewayUnderTest.patience()).data();

		assertThat(order.path("state").asString()).isEqualTo("SEND_UNKNOWN");
		assertThat(order.path("sends").asInt()).isEqualTo(1);
	}

	private boolean laterLook(long looks) {
		return this.gateway.upstream().requests().count(RequestMatch.onWord("list")) >= looks;
	}

	/** Accepted upstream, answer lost, and not to be seen. */
	private Answer lateArrival(String number, String ref) {
		fault(Fault.hiddenFor(Duration.ofMinutes(5)));
		Map<String, Object> body = Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref);
		return this.gateway.send(body, Map.of("Prefer", "respond-async")).block(GatewayUnderTest.patience());
	}

	/** It seemed proven absent by then. */
	private void showOnceSentAgain(String number) {
		RequestMatch sends = RequestMatch.onSend().and(RequestMatch.onNumber(number));
		this.gateway.upstream()
			.requests()
			.first(sends.and((send) -> this.gateway.upstream().requests().count(sends) >= 2))
			.block(GatewayUnderTest.patience());
		show(number);
	}

	private void show(String number) {
		SimulatedAccount account = this.gateway.upstream().account("sim-key-1");
		account.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.forEach((order) -> account.show(order.id()));
	}

	/** Those of another test's order may still go on. */
	private long lookUps(JsonNode order) {
		String ref = order.path("upstreamRef").asString();
		return this.gateway.upstream()
			.requests()
			.count(RequestMatch.onWord("check-ref").and((look) -> look.ref().endsWith(ref)));
	}

	@Test
	void leavesTheRefOfARefusedSendFree() {
		this.gateway.upstream().account("sim-key-1").setBalance(BigDecimal.TEN);

		Answer refused = send("036362607", "poor");
		Answer unseen = this.gateway.get("/v3/internet/check-ref/poor").block(GatewayUnderTest.patience());
		this.gateway.upstream().account("sim-key-1").deposit(new BigDecimal("5000"));
		Answer bought = send("036362607", "poor");

		assertThat(refused.status()).isEqualTo(403);
		assertThat(refused.code()).isEqualTo("INSUFFICIENT_BALANCE");
		assertThat(refused.body().path("error").path("message").asString()).startsWith("INSUFFICIENT_BALANCE: ");
		assertThat(unseen.status()).isEqualTo(404);
		assertThat(end(bought).path("status").asString()).isEqualTo("FULFILLED");
	}

	@Test
	void believesAnUnknownRefusalOnlyAfterALook() {
		fault(Fault.refused(403, "OPERATOR_CLOSED"));

		Answer refused = send("036362608", "unknown-code");

		assertThat(refused.status()).isEqualTo(403);
		assertThat(refused.code()).isEqualTo("OPERATOR_CLOSED");
		assertThat(this.gateway.upstream().requests().count(RequestMatch.onWord("check-ref"))).isPositive();
		assertThat(this.gateway.upstream().account("sim-key-1").orders())
			.noneMatch((o) -> o.number().equals("036362608"));
	}

	private void fault(Fault fault) {
		this.gateway.upstream().faults().next(fault, RequestMatch.onSend());
	}

	private Answer send(String number, String ref) {
		return this.gateway.send(number, ref).block(GatewayUnderTest.patience());
	}

	private JsonNode end(Answer answer) {
		assertThat(answer.status()).as("%s", answer.body()).isIn(200, 202);
		return end(answer.topupId());
	}

	private JsonNode end(String id) {
		return this.gateway.end(id).block(Duration.ofSeconds(60));
	}

	private String waitingOrder(String ref) {
		return this.gateway.get("/v3/internet/check-ref/{ref}", ref)
			.filter((answer) -> answer.status() == 200)
			.repeatWhenEmpty(100, (tries) -> tries.delayElements(Duration.ofMillis(50)))
			.map((answer) -> answer.data().path("_id").asString())
			.block(GatewayUnderTest.patience());
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
