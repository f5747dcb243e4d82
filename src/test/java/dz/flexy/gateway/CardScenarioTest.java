package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Quirk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Card codes: there with the first FULFILLED, and for those who may see them. */
@TestInstance(Lifecycle.PER_CLASS)
class CardScenarioTest {

	private GatewayUnderTest gateway;

	/** Who asks all the time uses his minute's requests up. */
	@BeforeAll
	void start() {
		Map<String, Object> settings = new GatewaySettings().caller("shy", "shy-key")
			.set("gateway.callers.shy.scopes", "orders:write,orders:read")
			.set("gateway.callers.shop.limit", 1_000_000)
			.asMap();
		this.gateway = GatewayUnderTest.start(settings);
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void showsTheCodeWithTheFirstFulfilledThoughRowsHaveNone() {
		assertThat(firstFulfilled("0363670")).hasSize(10).allSatisfy(CardScenarioTest::hasCard);
	}

	@Test
	void showsTheCodeWithTheFirstFulfilledWhereRowsHaveIt() {
		this.gateway.upstream().drift().on(Quirk.LIST_ROWS_WITH_CARD);
		try {
			assertThat(firstFulfilled("0363671")).hasSize(10).allSatisfy(CardScenarioTest::hasCard);
		}
		finally {
			this.gateway.upstream().drift().clear();
		}
	}

	@Test
	void waitsForACodeThatIsLate() {
		hasCard(this.gateway.send("036367287", "late-code")
			.flatMap(this::firstFulfilled)
			.block(GatewayUnderTest.patience()));
	}

	@Test
	void deliversWithoutACodeWhereThereNeverIsOne() {
		JsonNode order = this.gateway.send("036367288", "no-code")
			.flatMap(this::firstFulfilled)
			.block(GatewayUnderTest.patience());

		assertThat(order.has("card_code")).isFalse();
		String id = order.path("_id").asString();
		assertThat(get("/orders/{id}", id).data().path("attention").asString()).contains("card code");
		assertThatProblem(get("/orders/{id}/card", id)).is(404, "NOT_FOUND");
	}

	@Test
	void showsNoCardToACallerWithoutTheScope() {
		Answer sent = asShy("POST", "/v3/internet/send",
				"{\"type\":\"ADSL\",\"number\":\"036367480\",\"value\":1000,\"ref\":\"shy\"}");
		JsonNode order = Mono.fromSupplier(() -> asShyData(sent.topupId()))
			.filter(CardScenarioTest::isFulfilled)
			.subscribeOn(Schedulers.boundedElastic())
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(20)))
			.block(GatewayUnderTest.patience());

		assertThat(order.propertyNames()).doesNotContain("card_code", "num_trans", "date_traitement");
		assertThatProblem(asShy("GET", "/orders/" + sent.topupId() + "/card", "")).is(403, "INSUFFICIENT_SCOPE");
		assertThat(rows("select order_id from orders_reveal")).doesNotContain(sent.topupId());
	}

	@Test
	void writesDownWhoSawACard() {
		String id = this.gateway.send("036367580", "audited")
			.flatMap(this::firstFulfilled)
			.block(GatewayUnderTest.patience())
			.path("_id")
			.asString();
		get("/v3/internet/check-id/{id}", id);
		get("/v3/internet/check-ref/{ref}", "audited");
		String reveals = "select caller from orders_reveal where order_id = '" + id + "'";
		assertThat(rows(reveals)).containsExactly("shop");

		Answer card = get("/orders/{id}/card", id);
		get("/orders/{id}/card", id);

		hasCard(card.data());
		assertThat(rows(reveals)).containsExactly("shop", "shop", "shop");
		assertThat(rows("select request_id from orders_reveal where order_id = '" + id + "'"))
			.contains(card.headers().getFirst("X-Request-ID"));
	}

	/** Ten orders, each asked for all the time from acceptance on. */
	private List<JsonNode> firstFulfilled(String prefix) {
		return Flux.range(0, 10)
			.flatMap((i) -> this.gateway.send(prefix + (10 + i), prefix + i).flatMap(this::firstFulfilled))
			.collectList()
			.block(GatewayUnderTest.patience());
	}

	private Mono<JsonNode> firstFulfilled(Answer sent) {
		assertThat(sent.status()).isEqualTo(200);
		return this.gateway.get("/v3/internet/check-id/{id}", sent.topupId())
			.map(Answer::data)
			.filter(CardScenarioTest::isFulfilled)
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(5)));
	}

	private static boolean isFulfilled(JsonNode order) {
		return order.path("status").asString().equals("FULFILLED");
	}

	private static void hasCard(JsonNode order) {
		assertThat(order.path("card_code").asString("")).isNotEmpty();
		assertThat(order.path("num_trans").asString("")).startsWith("AT-");
		assertThat(order.path("date_traitement").asString("")).matches("20[0-9T:.-]+Z");
	}

	private JsonNode asShyData(String id) {
		return asShy("GET", "/v3/internet/check-id/" + id, "").data();
	}

	private Answer asShy(String method, String path, String body) {
		return this.gateway
			.exchange(HttpMethod.valueOf(method), path,
					Map.of("X-Access-Token", "shy-key", "Content-Type", "application/json"), body.getBytes())
			.block(GatewayUnderTest.patience());
	}

	private Answer get(String path, Object... variables) {
		return this.gateway.get(path, variables).block(GatewayUnderTest.patience());
	}

	private List<String> rows(String sql) {
		return this.gateway.database()
			.client()
			.sql(sql)
			.mapValue(String.class)
			.all()
			.collectList()
			.block(GatewayUnderTest.patience());
	}

}
