package dz.flexy.gateway;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.OpenLoop.Offered;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database of several gateway processes is stopped for 20 s while orders flow in and
 * a stream is read. One of their two accounts has a key that was wrong from the start.
 */
@Isolated("measures delays")
@Tag("proof")
@TestInstance(Lifecycle.PER_CLASS)
class DatabaseOutageTest {

	private static final String KEY = "key-good";

	private static final String WRONG_KEY = "key-wrong";

	private static final Duration OUTAGE = Duration.ofSeconds(20);

	/** Two a second: well above the budget, so that some always wait for it. */
	private static final Duration PERIOD = Duration.ofMillis(500);

	private static final Duration BETWEEN_READS = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Beyond the deadline of the last order. */
	private static final Duration LONGEST = Duration.ofSeconds(90);

	private static final String OPEN = """
			select count(*) from orders_order
			where state not in ('FULFILLED', 'PARTIALLY_FILLED', 'REFUNDED', 'REJECTED')""";

	private static final String VISIBLE = """
			select count(*) from orders_event where caller = 'shop' and number is not null""";

	private static final List<String> CACHED = List.of("/v3/internet/products?type=ADSL", "/v3/account/balance");

	@AutoClose
	private UpstreamSimulator upstream;

	@AutoClose
	private StoppablePostgres postgres;

	@AutoClose
	private Replicas replicas;

	@AutoClose
	private OpenLoop orders;

	private final Queue<ServerSentEvent<String>> seen = new ConcurrentLinkedQueue<>();

	@AutoClose("dispose")
	private Disposable stream;

	private final List<Answer> strangers = new ArrayList<>();

	private final List<Read> reads = new ArrayList<>();

	private Instant stopped;

	private Instant starting;

	private Instant started;

	private Instant resumed;

	private int seenBefore;

	private boolean stayedOpen;

	private List<ServerSentEvent<String>> replayed = List.of();

	private final Figures figures = new Figures(Replicas.COUNT + " gateways without their database for 20 s");

	@BeforeAll
	void run(@TempDir Path directory) {
		this.upstream = UpstreamSimulator.builder().account(KEY, "good", new BigDecimal("100000000")).start();
		this.postgres = new StoppablePostgres(directory.resolve("data"));
		this.replicas = new Replicas(settings(), directory);
		this.replicas.start();
		showTheWrongKey();
		warmUp();
		goWithoutTheDatabase();
		resume();
		this.orders.close();
		awaitTheEnd();
	}

	@AfterAll
	void print() {
		this.figures.print();
	}

	/** One that was committed before may have arrived after. */
	@Test
	void beginsNoSendMeanwhile() {
		List<ReceivedRequest> sends = sends(this.stopped, this.starting);
		this.figures.add("sends in the 20 s before it went and in those without it",
				sends(this.stopped.minus(OUTAGE), this.stopped).size() + ", " + sends.size());

		assertThat(sends).extracting(ReceivedRequest::ref).isSubsetOf(begunBefore(this.stopped));
	}

	/** Those that were answered while it was still away. */
	@Test
	void turnsOrdersAwayWithATimeToComeBack() {
		List<Offered> refused = this.orders.offered(this.stopped, this.starting)
			.stream()
			.filter((order) -> order.at().plus(order.took()).isBefore(this.starting))
			.toList();
		this.figures.add("orders turned away, after at most", refused.size() + ", "
				+ Figures.seconds(Figures.quantile(refused.stream().map(Offered::took).toList(), 1)));

		assertThat(refused).isNotEmpty().allSatisfy((order) -> {
			assertThat(order.status()).isEqualTo(503);
			assertThat(order.retryAfter()).matches("[1-9][0-9]*");
		});
	}

	@Test
	void goesOnReadingWhatIsCached() {
		CACHED.forEach((path) -> this.figures.add("answers 200, others to " + path,
				count(path, (status) -> status == 200) + ", " + count(path, (status) -> status != 200)));

		assertThat(this.reads).hasSizeGreaterThan(CACHED.size() * Replicas.COUNT * 10)
			.filteredOn((read) -> read.status() != 200)
			.isEmpty();
	}

	@Test
	void keepsStreamsOpenAndTheyGoOnWithoutAGap() {
		List<ServerSentEvent<String>> live = List.copyOf(this.seen);
		this.figures.add("events of the open stream before and after",
				this.seenBefore + ", " + (live.size() - this.seenBefore));

		assertThat(this.stayedOpen).isTrue();
		assertThat(this.seenBefore).isPositive().isLessThan(live.size());
		assertThat(live).extracting(ServerSentEvent::id).doesNotHaveDuplicates();
		assertThat(statuses(live)).isEqualTo(statuses(this.replayed))
			.hasSizeGreaterThan(10)
			.allSatisfy((order, statuses) -> assertThat(statuses).isIn(List.of("HANDLING", "FULFILLED"),
					List.of("HANDLING", "REFUNDED")));
	}

	@Test
	void resumesByItself() {
		this.figures.add("first send after the database was back", Duration.between(this.started, this.resumed));

		assertThat(Duration.between(this.started, this.resumed)).isLessThan(Duration.ofSeconds(15));
		assertThat(bought()).extracting(SimulatedOrder::status).containsOnly("FULFILLED");
		assertThat(bought()).extracting(SimulatedOrder::number).doesNotHaveDuplicates();
		assertThat(this.upstream.requests().where((request) -> request.status() == 429)).isEmpty();
	}

	/** Nothing is bought of which the caller sees nothing, and the other way round. */
	@Test
	void losesNoOrder() {
		long fulfilled = statuses(this.replayed).values().stream().filter((all) -> all.contains("FULFILLED")).count();
		this.figures.add("orders bought, shown as fulfilled", bought().size() + ", " + fulfilled);

		assertThat(fulfilled).isEqualTo(bought().size());
	}

	/**
	 * Whoever asks before the key's first use is told an id, since another replica may
	 * have a better one, or else that nothing can be bought now.
	 */
	@Test
	void showsAKeyThatIsWrongFromTheStartOnce() {
		List<ReceivedRequest> shown = this.upstream.requests().where(RequestMatch.onKey(WRONG_KEY));
		this.figures.add("requests with a key that was wrong from the start", shown.size());

		assertThat(shown).hasSize(1);
		assertThat(this.strangers).isNotEmpty().allMatch((answer) -> answer.status() == 200 || answer.status() == 503);
	}

	/** All replicas at once. */
	private void showTheWrongKey() {
		Flux.fromIterable(this.replicas.all())
			.flatMap((replica) -> replica.client("stranger")
				.send("036200181", "stranger-" + this.replicas.all().indexOf(replica)))
			.doOnNext(this.strangers::add)
			.blockLast(LONGEST);
	}

	/** Fills the caches, opens the stream, and lets orders flow for a while. */
	private void warmUp() {
		read().blockLast(PATIENCE);
		this.stream = this.replicas.first()
			.client("shop")
			.events("/orders/events")
			.subscribe(this.seen::add, (broken) -> {
			});
		this.orders = OpenLoop.sends(this.replicas.uris(), "shop", 1, PERIOD).start();
		Instant first = this.upstream.requests().first(RequestMatch.onSend()).block(PATIENCE).at();
		firstSendFrom(first.plusSeconds(8));
	}

	private void goWithoutTheDatabase() {
		this.postgres.stop();
		this.stopped = Instant.now();
		this.seenBefore = this.seen.size();
		this.reads.addAll(Flux.interval(BETWEEN_READS)
			.onBackpressureDrop()
			.takeWhile((second) -> Instant.now().isBefore(this.stopped.plus(OUTAGE)))
			.concatMap((second) -> read(), 0)
			.collectList()
			.block(LONGEST));
		this.starting = Instant.now();
		this.postgres.start();
		this.started = Instant.now();
	}

	private void resume() {
		this.resumed = firstSendFrom(this.started);
		firstSendFrom(this.resumed.plusSeconds(5));
	}

	/**
	 * When all that was accepted has its end, and both streams have told it or never
	 * will.
	 */
	private void awaitTheEnd() {
		long visible = count(OPEN).filter((open) -> open == 0)
			.repeatWhenEmpty((looks) -> looks.delayElements(BETWEEN_READS))
			.then(count(VISIBLE))
			.block(LONGEST);
		this.replayed = this.replicas.last()
			.client("shop")
			.events("/orders/events")
			.take(visible)
			.take(PATIENCE)
			.collectList()
			.block(LONGEST);
		Flux.interval(Duration.ZERO, BETWEEN_READS)
			.onBackpressureDrop()
			.takeUntil((look) -> this.seen.size() >= visible || this.stream.isDisposed())
			.take(PATIENCE)
			.blockLast(LONGEST);
		this.stayedOpen = !this.stream.isDisposed();
	}

	/** Everything that is cached, of each replica. */
	private Flux<Read> read() {
		return Flux.fromIterable(this.replicas.all())
			.flatMap((replica) -> Flux.fromIterable(CACHED)
				.flatMap((path) -> replica.client("shop")
					.get(path)
					.map((answer) -> new Read(path, answer.status(), answer.body()))));
	}

	private long count(String path, IntPredicate statuses) {
		return this.reads.stream().filter((read) -> read.path().equals(path) && statuses.test(read.status())).count();
	}

	private Instant firstSendFrom(Instant moment) {
		return this.upstream.requests()
			.first(RequestMatch.onSend().and((send) -> !send.at().isBefore(moment)))
			.map(ReceivedRequest::at)
			.block(PATIENCE);
	}

	private List<ReceivedRequest> sends(Instant from, Instant to) {
		return this.upstream.requests()
			.where(RequestMatch.onSend().and((send) -> !send.at().isBefore(from) && send.at().isBefore(to)));
	}

	/** Our references of the orders whose last send was committed by then. */
	private List<String> begunBefore(Instant moment) {
		return this.postgres.client()
			.sql("select upstream_ref from orders_order where sent_at < :moment")
			.bind("moment", moment)
			.mapValue(String.class)
			.all()
			.collectList()
			.block(PATIENCE);
	}

	private Mono<Long> count(String sql) {
		return this.postgres.client().sql(sql).mapValue(Long.class).one();
	}

	private List<SimulatedOrder> bought() {
		return this.upstream.account(KEY).orders();
	}

	private static Map<String, List<String>> statuses(List<ServerSentEvent<String>> events) {
		return events.stream()
			.map(GatewayUnderTest::data)
			.collect(Collectors.groupingBy((event) -> event.path("orderId").asString(),
					Collectors.mapping((event) -> event.path("status").asString(), Collectors.toList())));
	}

	private GatewaySettings settings() {
		return new GatewaySettings().database(this.postgres.r2dbcUrl())
			.set("gateway.upstream.base-url", this.upstream.baseUrl())
			.account("good", KEY)
			.account("wrong", WRONG_KEY)
			.caller("shop", "shop", "good")
			.caller("stranger", "stranger", "wrong")
			.set("gateway.dispatch.send-deadline", "40s");
	}

	private record Read(String path, int status, JsonNode body) {
	}

}
