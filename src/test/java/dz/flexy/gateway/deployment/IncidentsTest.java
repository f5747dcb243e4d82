package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dz.flexy.gateway.FakeClock;
import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.StoppablePostgres;
import dz.flexy.gateway.Tool;
import dz.flexy.gateway.deployment.Scene.Sight;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedAccount;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What an operator sees of each trouble in docs/operations.md, and that it goes away by
 * itself. An alert counts as soon as its condition holds.
 */
@Isolated("reads the whole log")
@Tag("proof")
class IncidentsTest {

	private static final Logger log = LoggerFactory.getLogger(IncidentsTest.class);

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	/** FULFILLED at the first read. */
	private static final String NUMBER = "036362680";

	/** FULFILLED after 4.5 s. */
	private static final String LATER = "036362677";

	/** HANDLING until it is settled. */
	private static final String STAYS_OPEN = "036362689";

	private static final String PRODUCTS = "/v3/internet/products?type=ADSL";

	@TempDir
	private Path directory;

	@BeforeEach
	void needPrometheus() {
		assumeTrue(Tool.run(this.directory, Map.of(), "prometheus", "--version").succeeded(),
				"Prometheus is not installed");
	}

	@Test
	void upstreamIsDown() throws IOException {
		try (Scene scene = Scene.open(this.directory, Map.of())) {
			buy(scene, "before");
			scene.gateway().get(PRODUCTS).block(PATIENCE);
			scene.upstream().refuseConnections(true);
			List<Answer> accepted = order(scene, 12);
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyUpstreamFails"));
			tell("upstream down", scene, sight);

			assertThat(accepted).extracting(Answer::status).containsOnly(202);
			assertThat(sight.alerts()).contains("FlexyUpstreamFails");
			assertThat(sight.unwell()).containsEntry("upstream", "DEGRADED");
			assertThat(sight.readiness()).isEqualTo("UP");
			assertThat(scene.gateway().get(PRODUCTS).block(PATIENCE).status()).isEqualTo(200);

			scene.upstream().refuseConnections(false);
			assertThatAllAreBought(scene, accepted);
			assertThat(scene.await((now) -> now.component("upstream").equals("UP")).component("upstream"))
				.isEqualTo("UP");
		}
	}

	@Test
	void upstreamLimits() throws IOException {
		try (Scene scene = Scene.open(this.directory, Map.of())) {
			buy(scene, "before");
			scene.upstream().faults().next(Fault.limited(Duration.ofSeconds(3)), RequestMatch.onAny()).always();
			List<Answer> accepted = order(scene, 3);
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyUpstreamLimits"));
			tell("upstream limits", scene, sight);

			assertThat(sight.alerts()).contains("FlexyUpstreamLimits");
			assertThat(sight.component("upstream")).as("it is no failure").isEqualTo("UP");
			scene.upstream().faults().clear();
			assertThatAllAreBought(scene, accepted);
		}
	}

	@Test
	void upstreamIsSlow() throws IOException {
		try (Scene scene = Scene.open(this.directory, Map.of("gateway.upstream.response-timeout", "10s"))) {
			buy(scene, "before");
			scene.awaitScrape();
			scene.upstream().faults().next(Fault.delayed(Duration.ofSeconds(6)), RequestMatch.onAny()).always();
			List<Answer> accepted = order(scene, 3);
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyUpstreamSlow"));
			tell("upstream slow", scene, sight);

			assertThat(sight.alerts()).contains("FlexyUpstreamSlow");
			scene.upstream().faults().clear();
			assertThatAllAreBought(scene, accepted);
		}
	}

	@Test
	void keyIsRefused() throws IOException {
		try (Scene scene = Scene.open(this.directory, Map.of())) {
			buy(scene, "before");
			scene.upstream().account("sim-key-1").setKeyRevoked(true);
			order(scene, 2);
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyAccountStopped"));
			Answer refused = scene.gateway().send(NUMBER, "after").block(PATIENCE);
			tell("key refused", scene, sight);

			assertThat(sight.alerts()).contains("FlexyAccountStopped");
			assertThat(sight.unwell()).containsEntry("accounts", "DEGRADED");
			assertThat(refused.code()).isEqualTo("UPSTREAM_ACCOUNT_STOPPED");
		}
	}

	@Test
	void databaseIsDown() throws IOException {
		try (StoppablePostgres postgres = postgres(); Scene scene = Scene.open(this.directory, on(postgres))) {
			buy(scene, "before");
			scene.gateway().get(PRODUCTS).block(PATIENCE);
			postgres.stop();
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyDatabaseGone"));
			Answer refused = scene.gateway().send(NUMBER, "refused").block(PATIENCE);
			tell("database down", scene, sight);

			assertThat(sight.alerts()).contains("FlexyDatabaseGone");
			assertThat(sight.unwell()).containsEntry("r2dbc", "DOWN");
			assertThat(sight.readiness()).isEqualTo("UP");
			assertThat(refused.code()).isEqualTo("STORE_UNAVAILABLE");
			assertThat(scene.gateway().get(PRODUCTS).block(PATIENCE).status()).isEqualTo(200);

			postgres.start();
			scene.await((now) -> now.component("r2dbc").equals("UP") && !now.alerts().contains("FlexyDatabaseGone"));
			buy(scene, "after");
		}
	}

	@Test
	void synchronousStandbyIsGone() throws IOException {
		try (StoppablePostgres postgres = postgres(); Scene scene = Scene.open(this.directory, on(postgres))) {
			buy(scene, "before");
			postgres.set("synchronous_standby_names", "standby");
			Answer unclear = scene.gateway().send(NUMBER, "waits").block(PATIENCE);
			log.info("standby gone: a send is answered {} {}", unclear.status(), unclear.body());
			Sight sight = scene.await((now) -> now.alerts().contains("FlexyDatabaseGone"));
			tell("standby gone", scene, sight);
			log.info("standby gone: waiting for SyncRep: {}", postgres.waiting("SyncRep"));
			Answer again = scene.gateway().send(NUMBER, "waits too").block(PATIENCE);
			log.info("standby gone: a send is answered {} {}", again.status(), again.body());

			assertThat(sight.unwell()).containsEntry("commits", "DEGRADED");
			assertThat(sight.readiness()).isEqualTo("UP");
			assertThat(postgres.waiting("SyncRep")).isPositive();
			postgres.set("synchronous_standby_names", "");
			Sight after = scene
				.await((now) -> !now.alerts().contains("FlexyDatabaseGone") && now.component("r2dbc").equals("UP"));
			assertThat(after.component("r2dbc")).isEqualTo("UP");
			buy(scene, "after");
		}
	}

	/** Two hours ahead, and right again, with orders in each state on their way. */
	@Test
	void databasesClockIsWrong() throws IOException {
		Optional<Path> library = FakeClock.library();
		assumeTrue(library.isPresent(), "libfaketime is not installed, so nobody has set the database's clock");
		Path offset = Files.writeString(this.directory.resolve("offset"), "+0");
		try (StoppablePostgres postgres = postgres()) {
			postgres.restartWithClock(library.get(), offset);
			try (Scene scene = Scene.open(this.directory, on(postgres))) {
				buy(scene, "before");
				Answer watched = scene.gateway().send("036362681", "followed").block(PATIENCE);
				CompletableFuture<List<String>> told = told(scene, watched);
				scene.upstream().faults().next(Fault.answerLost(), RequestMatch.onSend()).times(1);
				Answer lost = sendAsync(scene, "lost");
				scene.await("gateway_orders_entered_total{state=\"SEND_UNKNOWN\"}", 1);
				scene.upstream().faults().next(Fault.limited(Duration.ofSeconds(3)), RequestMatch.onSend()).always();
				List<Answer> waiting = order(scene, 3);

				ahead(postgres, offset, Duration.ofHours(2));
				assertThat(ends(scene, waiting)).containsOnly("REJECTED");
				assertThat(ends(scene, List.of(watched, lost))).containsOnly("FULFILLED");
				scene.upstream().faults().clear();
				tell("clock ahead", scene, scene.await((now) -> true));
				buy(scene, "ahead");
				Answer open = scene.gateway().send(LATER, "open").block(PATIENCE);

				ahead(postgres, offset, Duration.ZERO);
				long set = System.nanoTime();
				Answer sent = scene.gateway().send(NUMBER, "set back").block(PATIENCE);
				log.info("clock set back: a send is answered {} {} after {} ms", sent.status(), sent.body(),
						(System.nanoTime() - set) / 1_000_000);
				tell("clock set back", scene, scene.await((now) -> true));
				assertThatAllAreBought(scene, List.of(sent));
				log.info("clock set back: the open one is {}", ends(scene, List.of(open)));
				assertThat(told.join()).containsExactly("HANDLING", "FULFILLED");
				assertThat(scene.upstream().account("sim-key-1").orders()).extracting(SimulatedOrder::sends)
					.containsOnly(1);
			}
		}
	}

	@Test
	void readerGoesAway() throws IOException {
		try (Scene scene = Scene.open(this.directory, Map.of("gateway.stream.heartbeat", "1s"))) {
			Answer accepted = scene.gateway().send(STAYS_OPEN, "watched").block(PATIENCE);
			Disposable reader = scene.gateway().events(accepted.topupId(), "0").subscribe();
			scene.await("gateway_stream_open", 1);
			reader.dispose();
			scene.await("gateway_stream_open", 0);
			tell("reader gone", scene, scene.await((now) -> true));

			assertThat(scene.logged("GET /orders/{id}/events")).hasSize(1);
			SimulatedAccount account = scene.upstream().account("sim-key-1");
			account.settle(account.orders().getFirst().id(), "FULFILLED");
			assertThatAllAreBought(scene, List.of(accepted));
		}
	}

	private void tell(String trouble, Scene scene, Sight sight) {
		log.info("{}: health {} unwell {}, readiness {}, alerts {}", trouble, sight.health().path("status").asString(),
				sight.unwell(), sight.readiness(), sight.alerts());
		scene.logged("dz.flexy")
			.stream()
			.map((line) -> line.strip().lines().findFirst().orElse(""))
			.filter((line) -> !line.contains("access"))
			.distinct()
			.limit(40)
			.forEach((line) -> log.info("{}: log {}", trouble, line));
	}

	private static void buy(Scene scene, String ref) {
		Answer sent = scene.gateway().send(NUMBER, ref).block(PATIENCE);
		assertThat(sent.status()).as(sent.body().toString()).isEqualTo(200);
		assertThatAllAreBought(scene, List.of(sent));
	}

	private static List<Answer> order(Scene scene, int count) {
		return Flux.range(0, count)
			.flatMap((i) -> scene.gateway()
				.send(Map.of("type", "ADSL", "number", NUMBER, "value", 1000, "ref", "order-" + i),
						Map.of("Prefer", "respond-async")))
			.collectList()
			.block(PATIENCE);
	}

	private static void assertThatAllAreBought(Scene scene, List<Answer> accepted) {
		assertThat(Flux.fromIterable(accepted)
			.flatMap((answer) -> scene.gateway().end(answer.topupId()))
			.map((order) -> order.path("status").asString())
			.collectList()
			.block(PATIENCE.multipliedBy(3))).containsOnly("FULFILLED").hasSameSizeAs(accepted);
	}

	private static Answer sendAsync(Scene scene, String ref) {
		return scene.gateway()
			.send(Map.of("type", "ADSL", "number", NUMBER, "value", 1000, "ref", ref),
					Map.of("Prefer", "respond-async"))
			.block(PATIENCE);
	}

	private static CompletableFuture<List<String>> told(Scene scene, Answer order) {
		return scene.gateway()
			.events(order.topupId(), "0")
			.filter((event) -> event.data() != null)
			.map((event) -> GatewayUnderTest.data(event).path("status").asString())
			.collectList()
			.toFuture();
	}

	private static List<String> ends(Scene scene, List<Answer> orders) {
		return Flux.fromIterable(orders)
			.flatMap((order) -> scene.gateway().end(order.topupId()))
			.map((order) -> order.path("state").asString())
			.collectList()
			.block(PATIENCE.multipliedBy(3));
	}

	/** Also waits until it shows. */
	private static void ahead(StoppablePostgres postgres, Path offset, Duration by) throws IOException {
		Files.writeString(offset, "+" + by.toSeconds());
		Flux.interval(Duration.ZERO, Duration.ofMillis(200))
			.onBackpressureDrop()
			.publishOn(Schedulers.boundedElastic())
			.filter((tick) -> Duration.between(Instant.now().plus(by), postgres.now()).abs().toSeconds() < 10)
			.blockFirst(PATIENCE);
	}

	private StoppablePostgres postgres() {
		return new StoppablePostgres(this.directory.resolve("data"));
	}

	private static Map<String, Object> on(StoppablePostgres postgres) {
		return Map.of("spring.r2dbc.url", postgres.r2dbcUrl(), "spring.r2dbc.username", "postgres");
	}

}
