package dz.flexy.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gateway's process is killed in the middle of its work and started again on the same
 * database. The upstream's book is the judge.
 */
@Order(2)
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {

	/** Longest claim of a killed process, and what is left to do after it. */
	private static final Duration RECOVERY = Duration.ofSeconds(120);

	@TempDir
	private Path directory;

	private UpstreamSimulator upstream;

	private Database database;

	private GatewayProcess gateway;

	@BeforeEach
	void open() {
		this.upstream = UpstreamSimulator.builder()
			.limit(200)
			.window(Duration.ofSeconds(2))
			.speed(10)
			.postponed(Duration.ofMinutes(2))
			.start();
		this.database = Database.fresh();
	}

	@AfterEach
	void close() {
		this.gateway.close();
		this.upstream.close();
	}

	@Test
	void endsTheOrdersOfEveryStateAndBuysNoneTwice() {
		start(2);
		Map<String, String> ids = new LinkedHashMap<>();
		placeUntil(ids, "FULFILLED", "036200180");
		placeUntil(ids, "REFUNDED", "036200283");
		placeUntil(ids, "REJECTED", "036200399");
		placeUntil(ids, "QUEUED", "036200484");
		placeUntil(ids, "HANDLING", "036200589");
		this.upstream.faults().next(Fault.errorBeforeCommit(), RequestMatch.onLookup()).always();
		placeUntil(ids, "SEND_UNKNOWN", "036200690");
		hang(ids, "SENDING", Fault.hangAfterCommit(), "036200780");
		hang(ids, "SENDING too", Fault.hangBeforeCommit(), "036200881");
		ids.put("ACCEPTED", place("ACCEPTED", "036200982"));

		this.gateway.kill();
		Map<String, String> atTheKill = states();
		this.upstream.faults().clear();
		this.upstream.account("sim-key-1").settle(bought("036200589").getFirst().id(), "FULFILLED");
		this.gateway.start();
		ids.values().forEach(this::assertThatItEndsWithoutAGap);

		assertThat(atTheKill).allSatisfy((ref, state) -> assertThat(ref).startsWith(state)).hasSameSizeAs(ids);
		assertThat(states()).allSatisfy((ref, state) -> assertThat(state).isEqualTo(switch (ref) {
			case "REFUNDED", "REJECTED" -> ref;
			default -> "FULFILLED";
		}));
		assertThatEachWasBoughtOnce(ids.size() - 1);
		assertThatNoSecretWasPrinted(ids.values());
	}

	@Test
	void losesNothingOverFiveKillsWhileOrdersFlowIn() {
		start(16);
		List<String> suffixes = List.of("80", "81", "82", "00", "90", "81", "91", "83", "92", "80", "95", "96");
		List<String> numbers = IntStream.range(0, 40)
			.mapToObj((i) -> "0362%03d%s".formatted(i, suffixes.get(i % suffixes.size())))
			.toList();
		Mono<List<String>> placing = Flux.fromIterable(numbers)
			.flatMapSequential(this::placeStubbornly, 4)
			.collectList()
			.cache();
		placing.subscribe();

		killAt(RequestMatch.onSend().and(RequestMatch.onNumber(numbers.get(3))));
		killAt(RequestMatch.onWord("check-number").and(RequestMatch.onNumber(numbers.get(11))));
		killAt(RequestMatch.onSend().and(RequestMatch.onNumber(numbers.get(18))));
		killAt(RequestMatch.onWord("check-number").and(RequestMatch.onNumber(numbers.get(26))));
		killAt(RequestMatch.onSend().and(RequestMatch.onNumber(numbers.get(39))));
		List<String> ids = placing.block(RECOVERY);
		ids.forEach(this::assertThatItEndsWithoutAGap);

		assertThat(ids).doesNotHaveDuplicates().hasSameSizeAs(numbers);
		assertThat(states()).hasSameSizeAs(numbers)
			.allSatisfy((ref, state) -> assertThat(state).isEqualTo(ref.endsWith("83") ? "REFUNDED" : "FULFILLED"));
		assertThatEachWasBoughtOnce(numbers.size());
		assertThatNoSecretWasPrinted(ids);
	}

	/**
	 * With so many sends under way at most; others wait, however long a busy machine
	 * takes to start five times. What hangs does so until the kill.
	 */
	private void start(int parallel) {
		this.gateway = GatewayProcess.ofClasses(GatewayUnderTest.settings(this.upstream, this.database)
			.set("gateway.upstream.response-timeout", "10s")
			.set("gateway.dispatch.send-deadline", "10m")
			.set("gateway.dispatch.parallel", parallel), this.directory);
		this.gateway.start();
	}

	/** Kills as that request reaches the upstream, and starts again. */
	private void killAt(RequestMatch moment) {
		this.upstream.requests().first(moment).block(RECOVERY);
		this.gateway.kill();
		this.gateway.start();
	}

	/** The order's ref tells the state that it is meant to be killed in. */
	private String place(String ref, String number) {
		Answer answer = client().sendAsync(number, ref).block(GatewayUnderTest.patience());
		assertThat(answer.status()).isEqualTo(202);
		return answer.topupId();
	}

	private void placeUntil(Map<String, String> ids, String state, String number) {
		String id = place(state, number);
		ids.put(state, id);
		client().get("/orders/{id}", id)
			.filter((order) -> order.data().path("state").asString().equals(state))
			.repeatWhenEmpty(300, (looks) -> looks.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());
	}

	private void hang(Map<String, String> ids, String ref, Fault fault, String number) {
		RequestMatch send = RequestMatch.onSend().and(RequestMatch.onNumber(number));
		this.upstream.faults().next(fault, send);
		ids.put(ref, place(ref, number));
		this.upstream.requests().first(send).block(GatewayUnderTest.patience());
	}

	/**
	 * As a caller does who never knows whether he was heard: again, under the same ref.
	 */
	private Mono<String> placeStubbornly(String number) {
		return client().send(number, number)
			.flatMap((answer) -> answer.code().equals("DUPLICATED_REF")
					? client().get("/v3/internet/check-ref/{ref}", number) : Mono.just(answer))
			.filter((answer) -> answer.status() == 200)
			.map((answer) -> answer.data().path("topupId").asString(answer.data().path("_id").asString("")))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("refused: " + number)))
			.retryWhen(Retry.fixedDelay(600, Duration.ofMillis(200)));
	}

	private void assertThatItEndsWithoutAGap(String id) {
		List<String> numbers = client().numbers(id).block(RECOVERY);
		assertThat(numbers).isNotEmpty()
			.isEqualTo(IntStream.rangeClosed(1, numbers.size()).mapToObj(Integer::toString).toList());
	}

	private void assertThatEachWasBoughtOnce(int orders) {
		List<SimulatedOrder> book = this.upstream.account("sim-key-1").orders();
		assertThat(book).hasSize(orders).allMatch((order) -> order.sends() == 1);
		assertThat(book).extracting(SimulatedOrder::number).doesNotHaveDuplicates();
	}

	private void assertThatNoSecretWasPrinted(Iterable<String> ids) {
		List<String> codes = Flux.fromIterable(ids)
			.concatMap((id) -> client().get("/v3/internet/check-id/{id}", id))
			.map((answer) -> answer.data().path("card_code"))
			.filter(JsonNode::isString)
			.map(JsonNode::asString)
			.collectList()
			.block(GatewayUnderTest.patience());
		assertThat(codes).isNotEmpty();
		assertThat(this.gateway.output()).contains("Started FlexyGateway")
			.doesNotContain(codes)
			.doesNotContain("sim-key-1", GatewayUnderTest.KEY, GatewayUnderTest.OTHER_KEY, "AAAAAAAA");
	}

	private Map<String, String> states() {
		return this.database.client()
			.sql("select ref, state from orders_order")
			.map((row) -> Map.entry(row.get("ref", String.class), row.get("state", String.class)))
			.all()
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
			.block(GatewayUnderTest.patience());
	}

	private List<SimulatedOrder> bought(String number) {
		return this.upstream.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().equals(number))
			.toList();
	}

	private GatewayClient client() {
		return this.gateway.client(GatewayUnderTest.KEY);
	}

}
