package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.catalog.Catalog;
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
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of requests that come again under their {@code Idempotency-Key}. */
@TestInstance(Lifecycle.PER_CLASS)
class IdempotencyScenarioTest {

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.dispatch.send-wait", "25s"));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@AfterEach
	void mend() {
		this.gateway.upstream().faults().clear();
		account().setBalance(new BigDecimal("1000000"));
		account().stock("ADSL", new BigDecimal("2000"), true);
	}

	@Test
	void replaysTheAnswerOfAnAcceptedOrder() {
		Map<String, Object> order = order("036362001", "replayed");

		Answer first = send(order, "key-1");
		Answer again = send(order, "key-1");

		assertThat(first.status()).isEqualTo(200);
		assertThat(first.headers().getFirst("Idempotency-Replayed")).isNull();
		assertThatReplay(again, first);
		assertThat(bought("036362001")).hasSize(1);
	}

	@Test
	void replaysARefusalThoughItWouldPassNow() {
		Map<String, Object> order = order("036362002", "refused");
		account().setBalance(BigDecimal.TEN);
		Answer first = send(order, "key-2");
		account().setBalance(new BigDecimal("1000000"));

		Answer again = send(order, "key-2");

		assertThatProblem(first).is(403, "INSUFFICIENT_BALANCE");
		assertThatReplay(again, first);
		assertThat(bought("036362002")).isEmpty();
	}

	@Test
	void tellsTheRefusalThatWasDecidedThoughItCannotBeKept() {
		this.gateway.database()
			.client()
			.sql("alter table orders_idempotency add constraint unkept check (key <> 'key-2b' or status is null)")
			.then()
			.block(GatewayUnderTest.patience());
		account().setBalance(BigDecimal.TEN);

		Answer refused = send(order("036362012", "unkept"), "key-2b");

		assertThatProblem(refused).is(403, "INSUFFICIENT_BALANCE");
		assertThat(bought("036362012")).isEmpty();
	}

	@Test
	void replaysA202WithItsPlace() {
		Map<String, Object> order = order("036362003", "async");
		Map<String, String> headers = Map.of("Idempotency-Key", "key-3", "Prefer", "respond-async");

		Answer first = this.gateway.send(order, headers).block(GatewayUnderTest.patience());
		Answer again = this.gateway.send(order, headers).block(GatewayUnderTest.patience());

		assertThat(first.status()).isEqualTo(202);
		assertThatReplay(again, first);
		assertThat(again.headers().getLocation()).isEqualTo(first.headers().getLocation()).isNotNull();
	}

	@Test
	void refusesTheKeyWithAnotherBody() {
		send(order("036362004", "one-body"), "key-4");

		Answer other = send(order("036362004", "another-body"), "key-4");

		assertThatProblem(other).is(422, "IDEMPOTENCY_KEY_REUSED");
		assertThat(bought("036362004")).hasSize(1);
	}

	@Test
	void tellsWhileTheFirstIsStillBeingAnswered() {
		this.gateway.upstream()
			.faults()
			.next(Fault.hangAfterCommit(), RequestMatch.onSend().and(RequestMatch.onNumber("036362005")));
		this.gateway.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onLookup()).always();
		Map<String, Object> order = order("036362005", "in-flight");
		Mono<Answer> first = this.gateway.send(order, Map.of("Idempotency-Key", "key-5")).cache();
		first.subscribe();

		String id = accepted("in-flight");
		Answer second = send(order, "key-5");
		this.gateway.upstream().faults().clear();

		assertThatProblem(second).is(409, "IDEMPOTENCY_KEY_IN_USE").retriesLater();
		assertThat(second.body().at("/error/details/orderId").asString()).isEqualTo(id);
		assertThat(first.block(GatewayUnderTest.patience()).topupId()).isEqualTo(id);
		assertThat(bought("036362005")).hasSize(1);
	}

	@Test
	void makesOneOrderOfTwentyAtOnce() {
		Map<String, Object> order = order("036362006", null);

		List<Answer> answers = Flux.range(0, 20)
			.flatMap((i) -> this.gateway.send(order, Map.of("Idempotency-Key", "key-6")), 20)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(answers).extracting(Answer::status).containsOnly(200, 409).contains(200);
		assertThat(answers.stream().filter((answer) -> answer.status() == 200).map(Answer::topupId).distinct())
			.hasSize(1);
		assertThat(bought("036362006")).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void keepsTheKeysOfCallersApart() {
		Map<String, Object> order = order("036362007", "same-ref");

		Answer own = send(order, "key-7");
		Answer others = this.gateway.client(GatewayUnderTest.OTHER_KEY)
			.post()
			.uri("/v3/internet/send")
			.header("Idempotency-Key", "key-7")
			.bodyValue(order)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience());

		assertThat(others.status()).isEqualTo(200);
		assertThat(others.headers().getFirst("Idempotency-Replayed")).isNull();
		assertThat(others.topupId()).isNotEqualTo(own.topupId());
		assertThat(bought("036362007")).hasSize(2);
	}

	@Test
	void looksAtTheKeyBeforeTheRef() {
		Map<String, Object> order = order("036362008", "used-ref");
		Answer first = send(order, "key-8");

		assertThatReplay(send(order, "key-8"), first);
		assertThatProblem(send(order, "key-8b")).is(403, "DUPLICATED_REF");
		assertThatProblem(send(order, "key-8b")).is(403, "DUPLICATED_REF");
	}

	@Test
	void forgetsAnswersGivenBeforeThereWasAnOrder() {
		Map<String, Object> order = order("036362009", "sold-out");
		order.put("value", 2000);
		account().stock("ADSL", new BigDecimal("2000"), false);
		newProductList();
		this.gateway.get("/v3/internet/products?type=ADSL").block(GatewayUnderTest.patience());
		Answer soldOut = send(order, "key-9");
		account().stock("ADSL", new BigDecimal("2000"), true);
		newProductList();

		Answer again = send(order, "key-9");

		assertThatProblem(soldOut).is(400, "ERR_STOCK").isHarmless();
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.headers().getFirst("Idempotency-Replayed")).isNull();
		assertThat(bought("036362009")).hasSize(1);
	}

	private static void assertThatReplay(Answer again, Answer first) {
		assertThat(again.status()).isEqualTo(first.status());
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(again.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
	}

	/** The list is read anew before it is believed again, as if its time were up. */
	private void newProductList() {
		this.gateway.bean(Catalog.class).stockRefused(new AccountId("main"), "ADSL");
	}

	private String accepted(String ref) {
		return this.gateway.get("/v3/internet/check-ref/{ref}", ref)
			.filter((answer) -> answer.status() == 200)
			.repeatWhenEmpty(200, (tries) -> tries.delayElements(Duration.ofMillis(20)))
			.map((answer) -> answer.data().path("_id").asString())
			.block(GatewayUnderTest.patience());
	}

	private Answer send(Map<String, Object> order, String key) {
		return this.gateway.send(order, Map.of("Idempotency-Key", key)).block(GatewayUnderTest.patience());
	}

	private static Map<String, Object> order(String number, String ref) {
		Map<String, Object> order = new LinkedHashMap<>(Map.of("type", "ADSL", "number", number, "value", 1000));
		if (ref != null) {
			order.put("ref", ref);
		}
		return order;
	}

	private List<SimulatedOrder> bought(String number) {
		return account().orders().stream().filter((order) -> order.number().equals(number)).toList();
	}

	private SimulatedAccount account() {
		return this.gateway.upstream().account("sim-key-1");
	}

}
