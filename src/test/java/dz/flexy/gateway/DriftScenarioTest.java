package dz.flexy.gateway;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.catalog.Catalog;
import dz.flexy.gateway.simulator.Quirk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** The upstream answers otherwise than it documents. */
@Order(5)
@TestInstance(Lifecycle.PER_CLASS)
class DriftScenarioTest {

	private GatewayUnderTest gateway;

	private int numbers = 100_000;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@AfterEach
	void straighten() {
		this.gateway.upstream().drift().clear();
	}

	/** One by one takes long; all together stands below. */
	@Tag("proof")
	@ParameterizedTest
	@EnumSource
	void buysOnceUnderEachDrift(Quirk quirk) {
		this.gateway.upstream().drift().on(quirk);

		assertThatOrdersEndWell();
	}

	@Test
	void buysOnceUnderAllDriftTogether() {
		// Nothing can be known of a key whose account is told so: the gateway rests.
		this.gateway.upstream()
			.drift()
			.on(EnumSet.complementOf(EnumSet.of(Quirk.VALIDATE_OF_BILLS)).toArray(Quirk[]::new));

		assertThatOrdersEndWell();
	}

	@ParameterizedTest
	@EnumSource
	void readsRefusalsUnderEachDrift(Quirk quirk) {
		this.gateway.upstream().drift().on(quirk);

		assertThatProblem(send(99)).is(403, "INSUFFICIENT_BALANCE");
		assertThatProblem(send(97)).is(400, "ERR_PHONE");
	}

	@Test
	void showsTheSameProductsInEveryShape() {
		List<JsonNode> lists = Flux
			.just(Quirk.CURRENCY_IN_BALANCE, Quirk.PRODUCTS_TYPE_IN_META, Quirk.PRODUCTS_BARE_ARRAY)
			.concatMap((quirk) -> {
				this.gateway.upstream().drift().clear();
				this.gateway.upstream().drift().on(quirk);
				newProductList();
				return this.gateway.get("/v3/internet/products?type=ADSL").map(Answer::data);
			})
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(lists).hasSize(3).allMatch((list) -> list.equals(lists.getFirst()));
		assertThat(lists.getFirst().toString()).contains("1000").contains("980");
	}

	@Test
	void followsAStatusItDoesNotKnow() {
		Answer sent = send(86);
		List<String> statuses = this.gateway.events(sent.topupId(), "0")
			.map((event) -> GatewayUnderTest.data(event).path("status").asString())
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(statuses).containsExactly("HANDLING", "FULFILLED");
	}

	/** Two that are swept together, and one whose answer is lost, so it is looked up. */
	private void assertThatOrdersEndWell() {
		newProductList();
		List<JsonNode> ends = Flux.just(82, 82, 90)
			.flatMap((suffix) -> this.gateway
				.send(Map.of("type", "ADSL", "number", number(suffix), "value", new BigDecimal("1000"))))
			.doOnNext((sent) -> assertThat(sent.status()).as("%s", sent.body()).isEqualTo(200))
			.flatMap((sent) -> this.gateway.end(sent.topupId()))
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(ends).hasSize(3).allSatisfy((end) -> {
			assertThat(end.path("status").asString()).isEqualTo("FULFILLED");
			assertThat(end.has("attention")).isFalse();
			assertThat(this.gateway.upstream().account("sim-key-1").order(end.path("upstreamRef").asString()))
				.hasValueSatisfying((order) -> assertThat(order.sends()).isEqualTo(1));
		});
	}

	private Answer send(int suffix) {
		return this.gateway.send(Map.of("type", "ADSL", "number", number(suffix), "value", 1000))
			.block(GatewayUnderTest.patience());
	}

	private String number(int suffix) {
		return "0" + ++this.numbers + suffix;
	}

	/** The list is read anew before it is believed again, as if its time were up. */
	private void newProductList() {
		this.gateway.bean(Catalog.class).stockRefused(new AccountId("main"), "ADSL");
	}

}
