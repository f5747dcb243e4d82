package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What orders and callers see of breakers, and what the upstream is asked meanwhile. */
@Isolated("measures when a breaker opens and closes")
@Tag("proof")
class BreakerScenarioTest {

	private static final Predicate<ReceivedRequest> PROBE = RequestMatch.onWord("list")
		.and((request) -> "1".equals(request.query().get("pageSize")));

	private static final JsonMapper JSON = new JsonMapper();

	private GatewayUnderTest gateway;

	@BeforeEach
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.dispatch.send-wait", "300ms"));
		assertThat(ends(send("036364080", "before"))).containsExactly("FULFILLED");
		this.gateway.upstream().requests().clear();
	}

	@AfterEach
	void close() {
		this.gateway.close();
	}

	@Test
	void anUpstreamThatIsBackIsProbedBeforeItIsBoughtFrom() {
		this.gateway.upstream().refuseConnections(true);
		List<String> orders = send(12, "down");
		awaitState("send", "OPEN");

		assertThat(orders.stream().map(this::state)).containsOnly("ACCEPTED");

		this.gateway.upstream().refuseConnections(false);
		assertThat(ends(orders)).hasSize(12).containsOnly("FULFILLED");
		List<ReceivedRequest> asked = this.gateway.upstream().requests().where(RequestMatch.onSend().or(PROBE)::test);
		assertThat(asked.getFirst()).matches(PROBE);
		assertThat(asked).filteredOn(PROBE).hasSize(1);
		assertThat(sold()).hasSize(13).extracting(SimulatedOrder::sends).containsOnly(1);
		assertThat(breaker("send").path("state").asString()).isEqualTo("CLOSED");
	}

	/**
	 * It takes all nine and the one of before to open the breaker, so none of them is
	 * under way then, and it rests from the last one's arrival at the earliest.
	 */
	@Test
	void sendsThatFailAreStoppedWhileReadsGoOn() {
		this.gateway.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onSend()).always();
		List<String> failed = send(9, "lost");
		JsonNode open = awaitState("send", "OPEN");
		Instant rested = this.gateway.upstream().requests().sends().get(8).at().plus(Breakers.REST);

		List<String> held = send("036364099", "held");

		assertThat(held.stream().map(this::order))
			.noneMatch((order) -> isSent(order, rested) || order.path("state").asString().equals("REJECTED"));
		assertThat(this.gateway.upstream().requests().sends()).filteredOn((send) -> send.at().isBefore(rested))
			.hasSize(9);
		assertThat(breaker("read").path("state").asString()).isEqualTo("CLOSED");
		assertThat(open.path("failureRate").asDouble()).isGreaterThanOrEqualTo(50);
		assertThat(open.path("calls").asInt()).isGreaterThanOrEqualTo(10);
		assertThat(Duration.parse(open.path("retryAfter").asString())).isLessThan(Breakers.REST);

		this.gateway.upstream().faults().clear();
		assertThat(ends(failed)).containsOnly("FULFILLED");
		assertThat(sold()).extracting(SimulatedOrder::ref).doesNotHaveDuplicates();
	}

	@Test
	void readsThatFailDoNotStopSends() {
		this.gateway.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onSend().negate()::test).always();
		Flux.range(0, 10)
			.flatMap((i) -> this.gateway.get("/v3/internet/check-number?type=ADSL&number=0363650{n}", 10 + i))
			.blockLast(GatewayUnderTest.patience());
		awaitState("read", "OPEN");

		List<String> orders = send(5, "blind");

		awaitSends(5);
		assertThat(sold()).hasSize(6);
		assertThat(breaker("send").path("state").asString()).isEqualTo("CLOSED");
		assertThat(this.gateway.upstream().requests().count(PROBE)).isZero();
		this.gateway.upstream().faults().clear();
		assertThat(ends(orders)).containsOnly("FULFILLED");
	}

	private static String number(int i) {
		return "0363641" + (10 + i);
	}

	private List<String> send(int count, String ref) {
		return Flux.range(0, count)
			.flatMapSequential((i) -> this.gateway.send(number(i), ref + "-" + i), count)
			.map(Answer::topupId)
			.collectList()
			.block(GatewayUnderTest.patience());
	}

	private List<String> send(String number, String ref) {
		return List.of(this.gateway.send(number, ref).block(GatewayUnderTest.patience()).topupId());
	}

	private List<String> ends(List<String> orders) {
		return Flux.fromIterable(orders)
			.flatMapSequential(this.gateway::end)
			.map((end) -> end.path("state").asString())
			.collectList()
			.block(Duration.ofSeconds(60));
	}

	private String state(String order) {
		return order(order).path("state").asString();
	}

	private JsonNode order(String order) {
		return this.gateway.get("/orders/{id}", order).block(GatewayUnderTest.patience()).data();
	}

	private static boolean isSent(JsonNode order, Instant before) {
		return order.has("sentAt") && Instant.parse(order.path("sentAt").asString()).isBefore(before);
	}

	private List<SimulatedOrder> sold() {
		return this.gateway.upstream().account("sim-key-1").orders();
	}

	private void awaitSends(int count) {
		Flux.range(0, count)
			.concatMap((i) -> this.gateway.upstream()
				.requests()
				.first(RequestMatch.onSend().and(RequestMatch.onNumber(number(i)))))
			.blockLast(GatewayUnderTest.patience());
	}

	private JsonNode awaitState(String side, String state) {
		return reports().map((reports) -> named(reports, side))
			.repeatWhen((done) -> done.delayElements(Duration.ofMillis(50)))
			.filter((breaker) -> breaker.path("state").asString().equals(state))
			.next()
			.block(GatewayUnderTest.patience());
	}

	private JsonNode breaker(String side) {
		return named(reports().block(GatewayUnderTest.patience()), side);
	}

	private Mono<JsonNode> reports() {
		String port = this.gateway.bean(Environment.class).getProperty("local.management.port");
		return WebClient.create("http://localhost:" + port)
			.get()
			.uri("/actuator/breakers")
			.retrieve()
			.bodyToMono(String.class)
			.map((body) -> JSON.readTree(body).path("breakers"));
	}

	private static JsonNode named(JsonNode reports, String side) {
		return reports.valueStream()
			.filter((breaker) -> breaker.path("account").asString().equals("main")
					&& breaker.path("family").asString().equals("internet")
					&& breaker.path("side").asString().equals(side))
			.findFirst()
			.orElse(MissingNode.getInstance());
	}

}
