package dz.flexy.gateway;

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
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** The ways to send, and what a caller may do about an order under way. */
@TestInstance(Lifecycle.PER_CLASS)
class SendScenarioTest {

	private static final Map<String, String> ASYNC = Map.of("Prefer", "wait=5, respond-async");

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
	}

	@Test
	void answers202BeforeTheUpstreamDoes() {
		this.gateway.upstream().faults().next(Fault.hangBeforeCommit(), RequestMatch.onSend()).always();

		Answer answer = send(order("036363001", "async"), ASYNC);
		List<SimulatedOrder> bought = bought("036363001");

		assertThat(answer.status()).isEqualTo(202);
		assertThat(bought).isEmpty();
		assertThat(answer.headers().getLocation()).hasToString("/orders/" + answer.topupId());
		assertThat(answer.headers().getFirst("Preference-Applied")).isEqualTo("respond-async");
		assertThat(answer.data().path("topupRef").asString()).isEqualTo("async");
		this.gateway.upstream().faults().clear();
		assertThat(end(answer).path("status").asString()).isEqualTo("FULFILLED");
	}

	@Test
	void cancelsNothingThatWasSent() {
		Answer handling = send(order("036363089", "handled"), Map.of());

		assertThatProblem(cancel(GatewayUnderTest.KEY, handling.topupId())).is(409, "NOT_CANCELLABLE");
		assertThatProblem(cancel(GatewayUnderTest.OTHER_KEY, handling.topupId())).is(404, "NOT_FOUND");
		this.gateway.upstream().account("sim-key-1").settle(bought("036363089").getFirst().id(), "FULFILLED");
		assertThat(end(handling).path("status").asString()).isEqualTo("FULFILLED");
		assertThatProblem(cancel(GatewayUnderTest.KEY, handling.topupId())).is(409, "NOT_CANCELLABLE");
	}

	@Test
	void refusesAPriceAboveTheCallersLimit() {
		Map<String, Object> dear = Map.of("type", "ADSL", "number", "036363002", "value", 1000, "max_cost", 979.99);
		Map<String, Object> fair = Map.of("type", "ADSL", "number", "036363003", "value", 1000, "max_cost", 980);

		assertThatProblem(send(dear, Map.of())).is(400, "PRICE_CHANGED").isHarmless();
		assertThat(bought("036363002")).isEmpty();
		assertThat(end(send(fair, Map.of())).path("cost").asInt()).isEqualTo(980);
	}

	/** Without a word he would take it for bought, and know no id to ask for. */
	@Test
	void anOrderThatIsNotThereAnyMoreIsAFault() {
		this.gateway.database().client().sql("""
				create function hide() returns trigger language plpgsql as 'begin return null; end';
				create trigger hidden before update of answer on orders_order for each row
				when (new.ref = 'hidden') execute function hide()""").then().block(GatewayUnderTest.patience());

		Answer answer = send(order("036363012", "hidden"), Map.of());

		assertThatProblem(answer).is(500, "INTERNAL_ERROR");
		assertThat(answer.body().at("/error/details/moneyMayHaveMoved").asBoolean()).isTrue();
	}

	@Test
	void buysOnceForACallerWhoHangsUpAfterAcceptance() {
		this.gateway.upstream().faults().next(Fault.delayed(Duration.ofSeconds(1)), RequestMatch.onSend());
		Disposable call = this.gateway.send("036363004", "hung-up").subscribe();

		String id = accepted("hung-up");
		call.dispose();

		assertThat(this.gateway.end(id).block(GatewayUnderTest.patience()).path("status").asString())
			.isEqualTo("FULFILLED");
		assertThat(bought("036363004")).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void buysOnceOrNotAtAllForACallerWhoHangsUpAtAnyTime() {
		Flux.range(0, 30)
			.flatMap((i) -> this.gateway.send("036363005", "early-" + i)
				.takeUntilOther(Mono.delay(Duration.ofMillis(i * 2L))), 5)
			.blockLast(GatewayUnderTest.patience());

		List<JsonNode> ends = Flux.range(0, 30)
			.concatMap((i) -> this.gateway.get("/v3/internet/check-ref/{ref}", "early-" + i))
			.filter((answer) -> answer.status() == 200)
			.concatMap((answer) -> this.gateway.end(answer.data().path("_id").asString()))
			.collectList()
			.block(GatewayUnderTest.patience());

		List<SimulatedOrder> bought = bought("036363005");
		assertThat(ends).allMatch((end) -> end.path("status").asString().equals("FULFILLED"));
		assertThat(bought).allMatch((order) -> order.sends() == 1);
		// Others may be accepted only now, so there may be more than those.
		assertThat(bought).extracting(SimulatedOrder::ref)
			.doesNotHaveDuplicates()
			.containsAll(ends.stream().map((end) -> end.path("upstreamRef").asString()).toList())
			.isSubsetOf(upstreamRefs("036363005"));
	}

	@Test
	void letsTwoCallersUseTheSameRef() {
		Answer own = send(order("036363006", "shared"), Map.of());
		Answer others = this.gateway
			.exchange(HttpMethod.POST, "/v3/internet/send",
					Map.of("X-Access-Token", GatewayUnderTest.OTHER_KEY, "Content-Type", "application/json"), """
							{"type":"ADSL","number":"036363006","value":1000,"ref":"shared"}""".getBytes())
			.block(GatewayUnderTest.patience());

		assertThat(own.status()).isEqualTo(200);
		assertThat(others.status()).isEqualTo(200);
		assertThat(own.topupId()).isNotEqualTo(others.topupId());
		assertThat(bought("036363006")).hasSize(2);
	}

	@Test
	void buys4GCards() {
		Answer answer = send(Map.of("type", "4G", "number", "213555123480", "value", 1500, "ref", "lte"), Map.of());
		JsonNode end = end(answer);

		assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(end.path("product").asString()).isEqualTo("4G");
		assertThat(bought("213555123480")).singleElement().extracting(SimulatedOrder::type).isEqualTo("4G");
	}

	@Test
	void namesAnOrderWithoutARefByItsId() {
		Answer first = send(Map.of("type", "ADSL", "number", "036363180", "value", 500), Map.of());
		Answer second = send(Map.of("type", "ADSL", "number", "036363180", "value", 500), Map.of());

		assertThat(first.data().path("topupRef").asString()).isEqualTo(first.topupId());
		assertThat(second.topupId()).isNotEqualTo(first.topupId());
		assertThat(this.gateway.get("/v3/internet/check-ref/{ref}", first.topupId())
			.block(GatewayUnderTest.patience())
			.data()
			.path("_id")
			.asString()).isEqualTo(first.topupId());
		assertThat(bought("036363180")).hasSize(2);
	}

	@Test
	void keepsEveryPrintableRefAsSent() {
		for (String ref : List.of("x".repeat(100), "\ud83d\ude00".repeat(100), "d\u00e9j\u00e0 vu",
				"\u0645\u0631\u062d\u0628\u0627", " ", "a;b=c", "100%", "a+b", "..", "?x#y", "'; drop table",
				"API-shop-x", "\\", "\"")) {
			Answer answer = send(order("036363080", ref), Map.of());

			assertThat(answer.status()).as(ref).isEqualTo(200);
			assertThat(answer.data().path("topupRef").asString()).isEqualTo(ref);
			assertThatProblem(send(order("036363080", ref), Map.of())).is(403, "DUPLICATED_REF");
			if (!ref.equals("..")) {
				assertThat(accepted(ref)).isEqualTo(answer.topupId());
			}
		}
	}

	private Answer cancel(String key, String id) {
		return this.gateway
			.exchange(HttpMethod.POST, "/orders/" + id + "/cancel", Map.of("X-Access-Token", key), new byte[0])
			.block(GatewayUnderTest.patience());
	}

	private Answer send(Map<String, Object> order, Map<String, String> headers) {
		return this.gateway.send(order, headers).block(GatewayUnderTest.patience());
	}

	private static Map<String, Object> order(String number, String ref) {
		return Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref);
	}

	private JsonNode end(Answer answer) {
		return this.gateway.end(answer.topupId()).block(GatewayUnderTest.patience());
	}

	private String accepted(String ref) {
		return this.gateway.get("/v3/internet/check-ref/{ref}", ref)
			.filter((answer) -> answer.status() == 200)
			.repeatWhenEmpty(200, (tries) -> tries.delayElements(Duration.ofMillis(20)))
			.map((answer) -> answer.data().path("_id").asString())
			.block(GatewayUnderTest.patience());
	}

	private List<String> upstreamRefs(String number) {
		return this.gateway.database()
			.client()
			.sql("select upstream_ref from orders_order where number = :number")
			.bind("number", number)
			.mapValue(String.class)
			.all()
			.collectList()
			.block(GatewayUnderTest.patience());
	}

	private List<SimulatedOrder> bought(String number) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.toList();
	}

}
