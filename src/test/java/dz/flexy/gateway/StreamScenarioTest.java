package dz.flexy.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** What browsers see of orders, over real connections. */
@TestInstance(Lifecycle.PER_CLASS)
class StreamScenarioTest {

	private static final Map<String, String> ASYNC = Map.of("Prefer", "respond-async");

	private GatewayUnderTest gateway;

	/** A postponed order stays so for six seconds. */
	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of(), (simulator) -> simulator.postponed(Duration.ofSeconds(60)));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void showsTwentyOrdersToTheirEnds() {
		List<List<ServerSentEvent<String>>> streams = place("0363660", 40, 20)
			.flatMap((id) -> this.gateway.events(id, "0").collectList(), 20)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(streams).hasSize(20).allSatisfy((events) -> {
			assertThat(statuses(events)).containsExactly("HANDLING", "FULFILLED");
			assertThat(ids(events)).containsExactly("1", "2");
		});
		assertThat(bought("0363660")).hasSize(20).allMatch((order) -> order.sends() == 1);
	}

	/**
	 * SENDING is not seen in an order's status; only who asks for states is told. Of an
	 * order that was being sent before the stream stands he is told less, so others
	 * follow.
	 */
	@Test
	void tellsStatesToWhoAsksForThem() {
		Flux<String> orders = Flux.interval(Duration.ZERO, Duration.ofSeconds(2))
			.onBackpressureDrop()
			.concatMap((i) -> place("0363669", 80, 1));

		List<ServerSentEvent<String>> told = this.gateway
			.stream(GatewayUnderTest.KEY, "/orders/events?states=true", null)
			.mergeWith(orders.then(Mono.empty()))
			.skipUntil((event) -> "state".equals(event.event()) && event.data().contains("\"state\":\"SENDING\""))
			.takeUntil((event) -> GatewayUnderTest.data(event).path("final").booleanValue())
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(told).filteredOn((event) -> "state".equals(event.event()))
			.isNotEmpty()
			.allMatch((event) -> event.id() == null && event.data().contains("\"status\":\"HANDLING\""))
			.anyMatch((event) -> event.data().contains("\"state\":\"SENDING\""));
	}

	@Test
	void answers204ToAReaderWhoHasSeenTheEnd() {
		String id = place("0363661", 80, 1).blockLast(GatewayUnderTest.patience());
		List<ServerSentEvent<String>> events = this.gateway.events(id, "0")
			.collectList()
			.block(GatewayUnderTest.patience());

		Integer status = this.gateway.client()
			.get()
			.uri("/orders/{id}/events", id)
			.header("Last-Event-ID", events.getLast().id())
			.exchangeToMono((response) -> response.toBodilessEntity())
			.map((response) -> response.getStatusCode().value())
			.block(GatewayUnderTest.patience());

		assertThat(statuses(events)).containsExactly("HANDLING", "FULFILLED");
		assertThat(status).isEqualTo(204);
	}

	@Test
	void followsAPostponedOrderToItsEnd() {
		String id = place("0363662", 84, 1).blockLast(GatewayUnderTest.patience());

		List<ServerSentEvent<String>> events = this.gateway.events(id, "0")
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(statuses(events)).containsExactly("HANDLING", "QUEUED", "FULFILLED");
		assertThat(ids(events)).containsExactly("1", "2", "3");
		assertThat(events).map((event) -> GatewayUnderTest.data(event).path("final").booleanValue())
			.containsExactly(false, false, true);
	}

	@Test
	void missesAndRepeatsNothingOverReconnects() {
		List<List<ServerSentEvent<String>>> streams = Flux.range(0, 20)
			.flatMap((i) -> place("0363663", 84 + i % 2, 1), 20)
			.flatMap((id) -> interrupted("/orders/" + id + "/events", List.of(id)), 20)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(streams).hasSize(20).allSatisfy((events) -> {
			assertThat(ids(events)).containsExactly("1", "2", "3");
			assertThat(statuses(events)).startsWith("HANDLING", "QUEUED");
			assertThat(statuses(events).getLast()).isIn("FULFILLED", "REFUNDED");
		});
	}

	@Test
	void showsACallerAllOfHisOrdersOverReconnects() {
		List<String> orders = place("0363664", 10, 20).collectList().block(GatewayUnderTest.patience());

		List<ServerSentEvent<String>> events = interrupted("/orders/events", orders).block(GatewayUnderTest.patience());

		assertThat(ids(events)).doesNotHaveDuplicates();
		for (String order : orders) {
			List<ServerSentEvent<String>> own = events.stream().filter((event) -> of(event).equals(order)).toList();
			assertThat(statuses(own)).containsExactly("HANDLING", "FULFILLED");
		}
	}

	@Test
	void watchersCostNoCallsUpstream() {
		int watchers = 200;
		int before = this.gateway.upstream().requests().all().size();
		String id = place("0363667", 40, 1).blockLast(GatewayUnderTest.patience());

		List<List<ServerSentEvent<String>>> streams = Flux.range(0, watchers)
			.flatMap((i) -> this.gateway.events(id, null).collectList(), watchers)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(streams).hasSize(watchers)
			.allSatisfy((events) -> assertThat(statuses(events).getLast()).isEqualTo("FULFILLED"));
		assertThat(this.gateway.upstream().requests().all().size() - before).isLessThan(watchers / 2);
	}

	@Test
	void showsACallerNothingOfAnothers() {
		List<ServerSentEvent<String>> anothers = new ArrayList<>();
		Mono<String> othersOrder = this.gateway.client(GatewayUnderTest.OTHER_KEY)
			.post()
			.uri("/v3/internet/send")
			.header("Prefer", "respond-async")
			.bodyValue(Map.of("type", "ADSL", "number", "036366580", "value", 1000))
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map((response) -> Answer.of(response).topupId());

		String othersId = this.gateway.stream(GatewayUnderTest.OTHER_KEY, "/orders/events", "0")
			.mergeWith(place("0363666", 80, 3).then(othersOrder).then(Mono.empty()))
			.doOnNext(anothers::add)
			.filter((event) -> GatewayUnderTest.data(event).path("final").booleanValue())
			.map(StreamScenarioTest::of)
			.blockFirst(GatewayUnderTest.patience());

		assertThat(anothers).map(StreamScenarioTest::of).containsOnly(othersId);
	}

	/** Sends at once; emits the ids. */
	private Flux<String> place(String prefix, int firstSuffix, int count) {
		return Flux.fromStream(IntStream.range(0, count).boxed())
			.flatMap((i) -> this.gateway
				.send(Map.of("type", "ADSL", "number", prefix + (firstSuffix + i), "value", 1000), ASYNC), 20)
			.map(Answer::topupId);
	}

	/**
	 * A reader who hangs up after a few events, again and again, until all is over; each
	 * time a bit later, so that he comes to the end however late his streams open.
	 */
	private Mono<List<ServerSentEvent<String>>> interrupted(String path, List<String> orders) {
		List<ServerSentEvent<String>> seen = new ArrayList<>();
		List<String> open = new ArrayList<>(orders);
		AtomicInteger earlier = new AtomicInteger();
		return Flux
			.defer(() -> this.gateway.stream(GatewayUnderTest.KEY, path, seen.isEmpty() ? "0" : seen.getLast().id())
				.take(ThreadLocalRandom.current().nextInt(1, 9))
				.takeUntilOther(Mono.delay(Duration
					.ofMillis(ThreadLocalRandom.current().nextInt(50, 1000) + 100L * earlier.getAndIncrement()))))
			.doOnNext(seen::add)
			.filter((event) -> GatewayUnderTest.data(event).path("final").booleanValue())
			.doOnNext((event) -> open.remove(of(event)))
			.repeat(() -> !open.isEmpty())
			.then(Mono.just(seen));
	}

	private static String of(ServerSentEvent<String> event) {
		return GatewayUnderTest.data(event).path("orderId").asString();
	}

	private static List<String> statuses(List<ServerSentEvent<String>> events) {
		return events.stream().map((event) -> GatewayUnderTest.data(event).path("status").asString()).toList();
	}

	private static List<String> ids(List<ServerSentEvent<String>> events) {
		return events.stream().map((event) -> Objects.requireNonNull(event.id())).toList();
	}

	private List<SimulatedOrder> bought(String prefix) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.number().startsWith(prefix))
			.toList();
	}

}
