package dz.flexy.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import tools.jackson.databind.JsonNode;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gateway process is asked to end in the middle of everything, as Kubernetes does.
 */
@Isolated("measures how long a stop takes")
@Tag("proof")
class ShutdownTest {

	private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	private UpstreamSimulator upstream;

	private Database database;

	private GatewayProcess gateway;

	@BeforeEach
	void start() {
		this.upstream = UpstreamSimulator.builder().limit(200).window(Duration.ofSeconds(2)).speed(10).start();
		this.database = Database.fresh();
		this.gateway = GatewayProcess.ofClasses(GatewayUnderTest.settings(this.upstream, this.database)
			.without("spring.main.register-shutdown-hook")
			.set("gateway.upstream.response-timeout", "30s")
			.set("gateway.dispatch.send-wait", "10s"), this.directory);
		this.gateway.start();
	}

	@AfterEach
	void close() {
		this.gateway.close();
		this.upstream.close();
	}

	@Test
	void isGoneInTimeAndLeavesNothingUnanswered() {
		List<String> numbers = IntStream.range(10, 20).mapToObj("03620%d80"::formatted).toList();
		this.upstream.faults().next(Fault.hangAfterCommit(), RequestMatch.onSend()).always();
		Mono<List<Answer>> sends = Flux.fromIterable(numbers)
			.flatMapSequential((number) -> client().send(number, number))
			.collectList()
			.cache();
		Sinks.Many<Integer> standing = Sinks.many().replay().all();
		Mono<List<List<ServerSentEvent<String>>>> streams = Flux.range(0, 20)
			.flatMap((i) -> client().stream("/orders/events").switchOnFirst((first, all) -> {
				if (first.hasValue()) {
					standing.emitNext(i, EmitFailureHandler.busyLooping(PATIENCE));
				}
				return all;
			}).collectList())
			.collectList()
			.cache();
		sends.subscribe();
		streams.subscribe();
		Flux.fromIterable(numbers)
			.flatMap((number) -> this.upstream.requests()
				.first(RequestMatch.onSend().and(RequestMatch.onNumber(number))))
			.blockLast(PATIENCE);
		standing.asFlux().take(20).blockLast(PATIENCE);

		Duration stop = stop();

		assertThat(stop).isLessThan(LONGEST_STOP);
		assertThat(sends.block(PATIENCE)).allSatisfy((answer) -> assertThat(answer.status()).isEqualTo(200))
			.hasSameSizeAs(numbers);
		assertThat(streams.block(PATIENCE)).hasSize(20)
			.allSatisfy((events) -> assertThat(events.getLast().retry()).isNotNull());
		assertThat(rows("select holder from lease where expires_at > now()")).isEmpty();
		assertThat(rows("select id from replica")).isEmpty();
		assertThat(rows("select state from orders_order where due_at <= now()")).hasSameSizeAs(numbers)
			.containsOnly("SEND_UNKNOWN");

		this.upstream.faults().clear();
		this.gateway.start();
		sends.block(PATIENCE)
			.forEach((answer) -> assertThat(client().numbers(answer.topupId()).block(PATIENCE)).isNotEmpty());
		assertThat(this.upstream.account("sim-key-1").orders()).hasSameSizeAs(numbers)
			.extracting(SimulatedOrder::sends)
			.containsOnly(1);
	}

	/** As an {@code EventSource} does, whether it was told to come back or cut off. */
	@Test
	void whoWatchesGoesOnAtAnotherReplicaAndMissesNothing(@TempDir Path another) {
		try (GatewayProcess second = GatewayProcess.ofClasses(
				GatewayUnderTest.settings(this.upstream, this.database).without("spring.main.register-shutdown-hook"),
				another)) {
			second.start();
			List<ServerSentEvent<String>> told = new ArrayList<>();
			Flux<ServerSentEvent<String>> untilTheStop = client().stream("/orders/events")
				.doOnNext(told::add)
				.onErrorResume((broken) -> Mono.empty());
			Flux<ServerSentEvent<String>> fromThere = Flux.defer(() -> second.client(GatewayUnderTest.KEY)
				.stream("/orders/events", lastId(told))
				.doOnNext(told::add));
			Mono<List<String>> orders = Flux.range(10, 30)
				.concatMap((i) -> second.client(GatewayUnderTest.KEY).sendAsync("03620%d40".formatted(i), "roll" + i))
				.map(Answer::topupId)
				.collectList()
				.cache();
			Mono<List<ServerSentEvent<String>>> reader = untilTheStop
				.concatWith(fromThere.takeUntil((event) -> finals(told) == 30))
				.collectList()
				.cache();
			reader.subscribe();
			orders.subscribe();
			this.database.client()
				.sql("select count(*) from orders_event")
				.mapValue(Long.class)
				.one()
				.filter((count) -> count > 15)
				.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(20)))
				.block(PATIENCE);

			stop();

			List<ServerSentEvent<String>> all = reader.block(PATIENCE);
			List<ServerSentEvent<String>> events = all.stream().filter((event) -> event.data() != null).toList();
			assertThat(events).extracting(ServerSentEvent::id).doesNotHaveDuplicates();
			assertThat(events).noneMatch((event) -> "reset".equals(event.event()));
			for (String order : orders.block(PATIENCE)) {
				assertThat(events.stream()
					.filter((event) -> event.data().contains(order))
					.map((event) -> GatewayUnderTest.data(event).path("status").asString()))
					.containsExactly("HANDLING", "FULFILLED");
			}
		}
	}

	private static String lastId(List<ServerSentEvent<String>> told) {
		return told.stream().map(ServerSentEvent::id).filter(Objects::nonNull).reduce((a, b) -> b).orElse("0");
	}

	private static long finals(List<ServerSentEvent<String>> told) {
		return told.stream().filter((event) -> event.data() != null && event.data().contains("\"final\":true")).count();
	}

	/** The upstream's delay runs from its request, however late the stop comes. */
	@Test
	void waitsForASendOfGiftCards() {
		Duration delay = Duration.ofSeconds(6);
		this.upstream.faults().next(Fault.delayed(delay), RequestMatch.onRoute("/v3/gift-cards/placeOrder"));
		JsonNode placed = client()
			.postAsync("/v3/gift-cards/placeOrder",
					Map.of("productId", "507f1f77bcf86cd799439099", "typeId", "SIM_AT_ONCE", "quantity", 1))
			.block(PATIENCE)
			.data();
		ReceivedRequest request = this.upstream.requests()
			.first(RequestMatch.onRoute("/v3/gift-cards/placeOrder"))
			.block(PATIENCE);

		Duration stop = stop();

		assertThat(Duration.between(request.at(), Instant.now())).isGreaterThanOrEqualTo(delay);
		assertThat(stop).isLessThan(Duration.ofSeconds(15));
		assertThat(rows("select upstream_id from orders_order where id = '" + placed.path("orderId").asString() + "'"))
			.containsExactly(this.upstream.account("sim-key-1").giftOrders().getFirst().id());
	}

	private Duration stop() {
		Instant begun = Instant.now();
		assertThat(this.gateway.stop()).as("exit code after SIGTERM").isEqualTo(143);
		return Duration.between(begun, Instant.now());
	}

	private List<String> rows(String sql) {
		return this.database.client().sql(sql).mapValue(String.class).all().collectList().block(PATIENCE);
	}

	private GatewayClient client() {
		return this.gateway.client(GatewayUnderTest.KEY);
	}

}
