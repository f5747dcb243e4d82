package dz.flexy.gateway;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** A caller that moves over from the upstream, and one that never bought there. */
@TestInstance(Lifecycle.PER_CLASS)
class CutOverScenarioTest {

	private static final String HASTY_KEY = "hasty-key";

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(new GatewaySettings().caller("hasty", HASTY_KEY)
			.set("gateway.callers.shop.direct-until", "2099-01-01T00:00:00Z")
			.set("gateway.callers.hasty.direct-until", "2099-01-01T00:00:00Z")
			.set("gateway.callers.hasty.send-deadline", "4s")
			.asMap());
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void aRefThatStandsUpstreamIsNotBoughtAgain() {
		direct("036362601", "moved-1");

		Answer answer = this.gateway.send("036362601", "moved-1").block(GatewayUnderTest.patience());

		assertThatProblem(answer).is(403, "DUPLICATED_REF");
		assertThat(bought("036362601")).isOne();
	}

	@Test
	void aNewRefIsAskedForOnceAndBought() {
		Answer answer = this.gateway.send("036362602", "new-1").block(GatewayUnderTest.patience());

		assertThat(end(answer).path("status").asString()).isEqualTo("FULFILLED");
		assertThat(this.gateway.upstream().requests().count((request) -> request.ref().equals("new-1"))).isOne();
		assertThat(bought("036362602")).isOne();
	}

	@Test
	void whatCannotBeAskedIsNotBought() {
		this.gateway.upstream()
			.faults()
			.next(Fault.errorBeforeCommit(), RequestMatch.onRef("unclear-1").and((request) -> !request.isSend()))
			.always();

		Answer answer = sendAs(HASTY_KEY, "036362603", "unclear-1");
		JsonNode end = (answer.status() == 200) ? rejected(HASTY_KEY, answer.topupId()) : answer.body();

		assertThat(bought("036362603")).isZero();
		assertThat(end.toString()).contains("NOT_SENT_IN_TIME");
	}

	/** The upstream keeps refs prefixed, and may answer for those only. */
	@Test
	void aRefIsAskedForInItsPrefixedFormToo() {
		direct("036362607", "moved-7");
		this.gateway.upstream()
			.faults()
			.next(Fault.refused(404, "NOT_FOUND"), (request) -> !request.isSend() && request.ref().equals("moved-7"));

		Answer answer = this.gateway.send("036362607", "moved-7").block(GatewayUnderTest.patience());

		assertThatProblem(answer).is(403, "DUPLICATED_REF");
		assertThat(bought("036362607")).isOne();
	}

	@Test
	void aRefThatStandsUpstreamIsToldSoEvenIfTheNumberIsRefusedNow() {
		direct("036362608", "moved-8");
		this.gateway.upstream()
			.faults()
			.next(Fault.refused(400, "ERR_PHONE"), RequestMatch.onRoute("/v3/internet/check-number"));

		Answer answer = this.gateway.send("036362608", "moved-8").block(GatewayUnderTest.patience());

		assertThatProblem(answer).is(403, "DUPLICATED_REF");
		this.gateway.upstream().faults().clear();
	}

	@Test
	void theOrderSentDirectlyIsShownRatherThanTheOneThatItRejected() {
		String id = direct("036362609", "moved-9");
		Answer accepted = this.gateway
			.send(Map.of("type", "ADSL", "number", "036362609", "value", 1000, "ref", "moved-9"),
					Map.of("Prefer", "respond-async"))
			.block(GatewayUnderTest.patience());
		assertThat(end(accepted).path("code").asString()).isEqualTo("DUPLICATED_REF");

		assertThat(get("/v3/internet/check-ref/moved-9").path("_id").asString()).isEqualTo(id);
		assertThat(get("/v3/internet/check-id/" + accepted.topupId()).path("refund_message").asString())
			.startsWith("NOT_CHARGED:");
	}

	@Test
	void theirOrdersAreShownByIdAndRef() {
		String id = direct("036362604", "moved-4");

		JsonNode byRef = get("/v3/internet/check-ref/moved-4");
		JsonNode byId = get("/v3/internet/check-id/" + id);

		assertThat(byRef.path("_id").asString()).isEqualTo(id);
		assertThat(byId.path("number").asString()).isEqualTo("036362604");
	}

	@Test
	void othersAreNotShownThem() {
		String id = direct("036362605", "moved-5");

		assertThatProblem(asOther("/v3/internet/check-id/" + id)).is(404, "NOT_FOUND");
		assertThatProblem(asOther("/v3/internet/check-ref/moved-5")).is(404, "NOT_FOUND");
	}

	@Test
	void theGatewaysOwnOrdersAreNotShownByTheUpstreamsNames() {
		Answer others = sendAs(GatewayUnderTest.OTHER_KEY, "036362606", "others");
		String ref = "fg" + others.topupId();
		String id = this.gateway.upstream().account("sim-key-1").order(ref).orElseThrow().id();

		assertThatProblem(answer("/v3/internet/check-ref/" + ref)).is(404, "NOT_FOUND");
		assertThatProblem(answer("/v3/internet/check-id/" + id)).is(404, "NOT_FOUND");
	}

	@Test
	void whatNobodyKnowsIsNotFound() {
		assertThatProblem(answer("/v3/internet/check-ref/nobody")).is(404, "NOT_FOUND");
		assertThatProblem(answer("/v3/mobile/check-id/6b02575bd3c6706d76d74e89")).is(404, "NOT_FOUND");
		assertThatProblem(answer("/v3/gift-cards/checkOrder/6b02575bd3c6706d76d74e89")).is(404, "NOT_FOUND");
	}

	/** Sends upstream itself, as before it moved. */
	private String direct(String number, String ref) {
		String body = WebClient.create(this.gateway.upstream().baseUrl().toString())
			.post()
			.uri("/v3/internet/send")
			.header("X-Access-Token", "sim-key-1")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref))
			.retrieve()
			.bodyToMono(String.class)
			.block(GatewayUnderTest.patience());
		return JsonMapper.shared().readTree(body).at("/data/topupId").asString();
	}

	private long bought(String number) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.count();
	}

	private JsonNode end(Answer answer) {
		return this.gateway.end(answer.topupId()).block(Duration.ofSeconds(20));
	}

	private JsonNode get(String path) {
		Answer answer = answer(path);
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
		return answer.data();
	}

	private Answer answer(String path) {
		return this.gateway.get(path).block(GatewayUnderTest.patience());
	}

	private Answer sendAs(String key, String number, String ref) {
		return this.gateway.client(key)
			.post()
			.uri("/v3/internet/send")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref))
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience());
	}

	private JsonNode rejected(String key, String orderId) {
		return getAs(key, "/orders/" + orderId).map(Answer::data)
			.filter((order) -> order.path("state").asString().equals("REJECTED"))
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(100)))
			.block(GatewayUnderTest.patience());
	}

	private Answer asOther(String path) {
		return getAs(GatewayUnderTest.OTHER_KEY, path).block(GatewayUnderTest.patience());
	}

	private Mono<Answer> getAs(String key, String path) {
		return this.gateway.client(key)
			.get()
			.uri(path)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

}
