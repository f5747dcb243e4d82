package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.SimulatedOrder;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three replicas are updated as Kubernetes does it: one of the next version comes, and
 * migrates; when it is ready one of the last is taken out of service, and asked to end.
 * Callers order and read meanwhile, and two streams follow all of it.
 */
@Tag("jar")
class UpgradeTest {

	private static final Logger log = LoggerFactory.getLogger(UpgradeTest.class);

	private static final Path JAR = Path.of("target", "flexy-gateway.jar");

	private static final String CONCURRENT = """
			set lock_timeout = 0;
			drop index concurrently if exists orders_note;
			create index concurrently orders_note on orders_order (note);
			""";

	private static final Duration PACE = Duration.ofMillis(200);

	/** As long as a replica goes on serving after it was taken out of service. */
	private static final Duration LEAVING = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	private final UpstreamSimulator upstream = UpstreamSimulator.builder()
		.account("sim-key-1", "upgrade", BigDecimal.valueOf(100_000_000))
		.limit(200)
		.window(Duration.ofSeconds(2))
		.speed(10)
		.start();

	private final Database database = Database.fresh();

	private final List<GatewayProcess> all = new ArrayList<>();

	/** To which requests are sent. */
	private final List<GatewayProcess> inService = new CopyOnWriteArrayList<>();

	private final AtomicInteger turn = new AtomicInteger();

	/** No further request is made. */
	private final AtomicBoolean over = new AtomicBoolean();

	/** All requests have been answered. */
	private final AtomicBoolean answered = new AtomicBoolean();

	private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<String> orders = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger asked = new AtomicInteger();

	@AfterEach
	void close() {
		this.over.set(true);
		this.answered.set(true);
		this.all.forEach(GatewayProcess::close);
		this.upstream.close();
	}

	@Test
	void failsNoRequestAndMissesNoEvent() throws IOException {
		Assumptions.assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package makes it");
		Path next = next();
		Flux.range(0, 3)
			.map((i) -> replica(JAR))
			.flatMap((old) -> Mono.fromRunnable(old::start).subscribeOn(Schedulers.boundedElastic()))
			.blockLast();
		List<GatewayProcess> last = List.copyOf(this.all);
		this.inService.addAll(last);
		note(client(last.getFirst()).send("036999880", "before").block(PATIENCE));
		Mono<List<ServerSentEvent<String>>> first = follow().cache();
		Mono<List<ServerSentEvent<String>>> second = follow().cache();
		first.subscribe();
		second.subscribe();
		Mono<Void> load = load().cache();
		load.subscribe();

		for (GatewayProcess leaving : last) {
			GatewayProcess coming = replica(next);
			coming.start();
			this.inService.add(coming);
			this.inService.remove(leaving);
			Mono.delay(LEAVING).block();
			assertThat(leaving.stop()).as("exit code after SIGTERM").isEqualTo(143);
		}
		Mono.delay(LEAVING).block();
		this.over.set(true);
		load.block(PATIENCE);
		this.answered.set(true);

		assertThat(this.failures).as(this::troubles).isEmpty();
		assertThat(this.orders).hasSizeGreaterThan(20).doesNotHaveDuplicates();
		assertThatNothingIsMissing(first.block(PATIENCE));
		assertThatNothingIsMissing(second.block(PATIENCE));
		assertThat(this.upstream.account("sim-key-1").orders()).hasSameSizeAs(this.orders)
			.extracting(SimulatedOrder::sends)
			.containsOnly(1);
		assertThat(rows("select version from flyway_schema_history where success and version > '9'")).contains("9001",
				"9002");
		log.info("{} requests, {} orders, three replicas updated", this.asked, this.orders.size());
		assertThatTheLastVersionStartsOnTheNewTables();
	}

	/** What an undo does. */
	private void assertThatTheLastVersionStartsOnTheNewTables() {
		GatewayProcess undone = replica(JAR);
		undone.start();
		Answer answer = client(undone).send("036999980", "undone").block(PATIENCE);

		assertThat(answer.status()).isEqualTo(200);
		assertThat(client(undone).numbers(answer.topupId()).block(PATIENCE)).isNotEmpty();
	}

	private void assertThatNothingIsMissing(List<ServerSentEvent<String>> events) {
		assertThat(events).noneMatch((event) -> "reset".equals(event.event()));
		List<ServerSentEvent<String>> told = events.stream().filter((event) -> event.data() != null).toList();
		assertThat(told).extracting(ServerSentEvent::id).doesNotHaveDuplicates();
		Map<String, List<String>> statuses = new TreeMap<>();
		told.forEach((event) -> statuses
			.computeIfAbsent(GatewayUnderTest.data(event).path("orderId").asString(), (order) -> new ArrayList<>())
			.add(GatewayUnderTest.data(event).path("status").asString()));
		assertThat(statuses.keySet()).containsExactlyInAnyOrderElementsOf(this.orders);
		assertThat(statuses.values()).allSatisfy((ofOne) -> assertThat(ofOne).containsExactly("HANDLING", "FULFILLED"));
	}

	/** One in four is an order that is waited for, one that is not, and two are reads. */
	private Mono<Void> load() {
		return Flux.interval(PACE)
			.onBackpressureDrop()
			.takeUntil((i) -> this.over.get())
			.flatMap((i) -> request(i.intValue()), 256)
			.then();
	}

	private Mono<Void> request(int i) {
		GatewayClient client = client(pick());
		String number = "036%04d80".formatted(i);
		Mono<Answer> request = switch (i % 4) {
			case 0 -> client.send(number, "ref" + i).doOnNext(this::note);
			case 1 -> client.sendAsync(number, "ref" + i).doOnNext(this::note);
			case 2 -> client.get("/v3/internet/products?type=ADSL");
			default -> client.get("/orders/{id}", someOrder(i));
		};
		this.asked.incrementAndGet();
		return request.doOnNext((answer) -> check(i, answer.status() + " " + answer.body(), answer.status() / 100 == 2))
			.doOnError((failure) -> check(i, failure.toString(), false))
			.onErrorComplete()
			.then();
	}

	/** One that was accepted before, so each replica knows it. */
	private String someOrder(int i) {
		List<String> known = List.copyOf(this.orders);
		return known.get(i % known.size());
	}

	private void check(int i, String what, boolean good) {
		if (!good) {
			this.failures.add("request " + i + ": " + what);
		}
	}

	private void note(Answer answer) {
		this.orders.add(answer.topupId());
	}

	/** As an {@code EventSource} does, until all orders are told to their ends. */
	private Mono<List<ServerSentEvent<String>>> follow() {
		List<ServerSentEvent<String>> told = Collections.synchronizedList(new ArrayList<>());
		return Flux.defer(() -> client(pick()).stream("/orders/events", lastId(told)))
			.doOnNext(told::add)
			.onErrorResume((broken) -> Mono.empty())
			.repeat()
			.takeUntil((event) -> this.answered.get() && finals(told) >= this.orders.size())
			.then(Mono.fromSupplier(() -> List.copyOf(told)));
	}

	private static String lastId(List<ServerSentEvent<String>> told) {
		return List.copyOf(told)
			.stream()
			.map(ServerSentEvent::id)
			.filter(Objects::nonNull)
			.reduce((a, b) -> b)
			.orElse("0");
	}

	private static long finals(List<ServerSentEvent<String>> told) {
		return List.copyOf(told)
			.stream()
			.filter((event) -> event.data() != null && event.data().contains("\"final\":true"))
			.count();
	}

	private GatewayProcess pick() {
		List<GatewayProcess> now = List.copyOf(this.inService);
		return now.get(Math.floorMod(this.turn.getAndIncrement(), now.size()));
	}

	private static GatewayClient client(GatewayProcess replica) {
		return replica.client(GatewayUnderTest.KEY);
	}

	private GatewayProcess replica(Path jar) {
		try {
			Path own = Files.createDirectories(this.directory.resolve("replica-" + this.all.size()));
			GatewayProcess replica = GatewayProcess.ofJar(jar,
					GatewayUnderTest.settings(this.upstream, this.database)
						.without("spring.main.register-shutdown-hook")
						.set("gateway.stream.heartbeat", "1s"),
					own);
			this.all.add(replica);
			return replica;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The same jar with two migrations more, by the rule in docs/operations.md. */
	private Path next() throws IOException {
		Path next = Files.copy(JAR, this.directory.resolve("next.jar"));
		try (FileSystem jar = FileSystems.newFileSystem(next)) {
			Path migrations = jar.getPath("BOOT-INF", "classes", "db", "migration");
			Files.writeString(migrations.resolve("V9001__note.sql"), "alter table orders_order add column note text;");
			Files.writeString(migrations.resolve("V9002__note_index.sql"), CONCURRENT);
			Files.writeString(migrations.resolve("V9002__note_index.sql.conf"), "executeInTransaction=false");
		}
		return next;
	}

	/** What the replicas warned of, each with its place. */
	private String troubles() {
		return this.all.stream()
			.flatMap((replica) -> replica.output()
				.lines()
				.filter((line) -> line.matches(".* (WARN|ERROR) .*|.*replicas live.*|.*Started Flexy.*|.*SIGTERM.*"))
				.map((line) -> this.all.indexOf(replica) + " " + line))
			.collect(Collectors.joining("\n", "replicas said:\n", "\n"));
	}

	private List<String> rows(String sql) {
		return this.database.client().sql(sql).mapValue(String.class).all().collectList().block(PATIENCE);
	}

}
