package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/** What the board is told, and who is told what. */
@TestInstance(Lifecycle.PER_CLASS)
class BoardScenarioTest {

	/** Figures come every two seconds. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String OPERATOR = "operator-key";

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(
				new GatewaySettings().caller("boss", OPERATOR).set("gateway.callers.boss.scopes", "operator").asMap());
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	/** An order that never ends is looked at again and again. */
	@Test
	void tellsHowABudgetAndItsSweepsStand() {
		place("036362789", "followed");

		JsonNode gauges = gauges(GatewayUnderTest.KEY,
				(told) -> told.at("/accounts/0/sweeps").size() == 3 && total(told) > 0
						&& told.at("/accounts/0/lanes/2/taken").asInt() > 0 && told.at("/accounts/0/used").asInt() > 0);

		JsonNode account = gauges.at("/accounts/0");
		assertThat(account.path("standing").asString()).isEqualTo("ACTIVE");
		assertThat(account.path("used").asInt()).isPositive();
		assertThat(account.path("left").asInt()).isLessThan(account.path("limit").asInt());
		assertThat(account.path("endsAt").asString()).isNotEmpty();
		assertThat(account.path("lanes").findValuesAsString("lane")).containsExactly("send", "settle", "track",
				"lookup", "refresh");
		assertThat(account.at("/breakers").findValuesAsString("side")).contains("read", "send");
		assertThat(gauges.at("/perMinute/counts").size()).isEqualTo(60);
		assertThat(gauges.path("streams").asInt()).isPositive();
	}

	@Test
	void showsACallerHisOwnAndAnOperatorAll() {
		String id = place("036362689", "stuck");
		this.gateway.database()
			.client()
			.sql("update orders_order set flag = 'look at it' where id = '" + id + "'")
			.then()
			.block(GatewayUnderTest.patience());

		JsonNode own = gauges(GatewayUnderTest.KEY, (told) -> told.at("/unsettled/count").asInt() > 0);
		JsonNode others = gauges(GatewayUnderTest.OTHER_KEY, (told) -> true);
		JsonNode all = gauges(OPERATOR, (told) -> true);

		assertThat(own.at("/unsettled/orders/0/ref").asString()).isEqualTo("stuck");
		assertThat(own.at("/unsettled/orders/0").has("caller")).isFalse();
		assertThat(own.path("accounts").findValuesAsString("account")).containsExactly("main");
		assertThat(others.at("/unsettled/count").asInt()).isZero();
		assertThat(total(others)).isZero();
		assertThat(all.at("/unsettled/orders/0/caller").asString()).isEqualTo("shop");
		assertThat(all.path("accounts").findValuesAsString("account")).containsExactly("main");
		assertThat(total(all)).isPositive();
	}

	@Test
	void readsTheFiguresOnceForAllWhoSeeTheSame() {
		List<JsonNode> first = Flux.range(0, 20)
			.flatMap((i) -> stream(GatewayUnderTest.KEY).take(2).collectList(), 20)
			.flatMapIterable((told) -> told)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(first.stream().map((told) -> told.path("at").asString()).collect(Collectors.toSet()))
			.hasSizeLessThan(6);
	}

	@Test
	void saysSoWhileTheFiguresCannotBeRead() {
		rename("polling_sweep", "hidden");
		JsonNode told = gauges(GatewayUnderTest.KEY, (later) -> later.has("unavailable"));
		rename("hidden", "polling_sweep");

		assertThat(told.propertyNames()).containsExactly("at", "unavailable");
		assertThat(gauges(GatewayUnderTest.KEY, (later) -> later.has("accounts"))).isNotNull();
	}

	@Test
	void anOperatorReadsAnybodysOrderAndACallerOnlyHisOwn() {
		String id = place("036362681", "read");

		assertThat(get(OPERATOR, "/orders/" + id).data().path("ref").asString()).isEqualTo("read");
		assertThat(get(GatewayUnderTest.OTHER_KEY, "/orders/" + id).status()).isEqualTo(404);
		assertThat(get(OPERATOR, "/orders/" + id + "/card").status()).isEqualTo(403);
	}

	@Test
	void findsOrdersByWhatAPersonHasAtHand() {
		String id = place("036361180", "by hand");
		place("036361280", "another");
		this.gateway.end(id).block(GatewayUnderTest.patience());

		assertThat(found("search=036361180")).containsExactly(id);
		assertThat(found("search=by%20hand")).containsExactly(id);
		assertThat(found("search=" + id)).containsExactly(id);
		assertThat(found("number=036361180")).containsExactly(id);
		assertThat(found("search=nothing")).isEmpty();
		assertThat(found("search=036361180&final=false")).isEmpty();
		assertThat(found("search=036361180&final=true")).containsExactly(id);
		assertThat(get(GatewayUnderTest.OTHER_KEY, "/orders?search=" + id).data().path("items").size()).isZero();
		assertThat(get(GatewayUnderTest.KEY, "/orders?final=maybe").code()).isEqualTo("ERR_VALIDATION");
	}

	private String place(String number, String ref) {
		return this.gateway
			.send(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref),
					Map.of("Prefer", "respond-async"))
			.map(Answer::topupId)
			.block(GatewayUnderTest.patience());
	}

	private JsonNode gauges(String key, Predicate<JsonNode> until) {
		return stream(key).filter(until).blockFirst(PATIENCE);
	}

	private Flux<JsonNode> stream(String key) {
		return this.gateway.stream(key, "/console/events", null).map(GatewayUnderTest::data);
	}

	private static int total(JsonNode gauges) {
		return gauges.at("/perMinute/counts").valueStream().mapToInt(JsonNode::asInt).sum();
	}

	private List<String> found(String query) {
		return get(GatewayUnderTest.KEY, "/orders?" + query).data().path("items").findValuesAsString("orderId");
	}

	private Answer get(String key, String path) {
		return this.gateway.exchange(HttpMethod.GET, path, Map.of("X-Access-Token", key), new byte[0])
			.block(GatewayUnderTest.patience());
	}

	private void rename(String from, String to) {
		this.gateway.database()
			.client()
			.sql("alter table " + from + " rename to " + to)
			.then()
			.block(GatewayUnderTest.patience());
	}

}
