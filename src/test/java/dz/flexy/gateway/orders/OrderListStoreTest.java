package dz.flexy.gateway.orders;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.OrderListStore.Page;
import dz.flexy.gateway.orders.OrderListStore.Range;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

class OrderListStoreTest {

	private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MICROS);

	private static final Duration SPAN = Duration.ofDays(20);

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(Database.fresh().connections()).initialSize(1).maxSize(4).build());

	private final DatabaseClient database = DatabaseClient.create(this.connections);

	private final OrderListStore lists = new OrderListStore(this.database,
			new OrderRow(new ProblemJson(JsonMapper.shared())));

	private final TallyStore tallies = new TallyStore(this.database);

	private final OrderRows rows = new OrderRows(this.database);

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	private List<Instant> times = List.of();

	@BeforeEach
	void begin() {
		this.times = Stream.generate(this::time).limit(3000).toList();
	}

	@AfterEach
	void close() {
		this.connections.disposeLater().block(LIMIT);
	}

	@Test
	void aPageIsWhatAPlainQueryReads() {
		fill();
		List<Row> plain = plain();
		for (int asked = 0; asked < 200; asked++) {
			if (asked % 20 == 15) {
				countTo(NOW.minus(SPAN).plus(SPAN.multipliedBy(asked).dividedBy(180)));
			}
			Range range = range();
			int size = 1 + this.random.nextInt(100);
			int page = 1 + this.random.nextInt(1 + 2600 / size);

			assertThat(seen(range, page, size)).as("seed %d, %d of %d in %s", this.seed, page, size, range)
				.isEqualTo(page(plain, range, page, size));
		}
	}

	@Test
	void pagesAreTheSameWhileReplicasCount() {
		fill();
		List<String> expected = page(plain(), Range.ALL, 7, 100);

		Mono<Void> counting = Flux.range(0, 3).flatMap((replica) -> countOnce().repeat(15)).then();
		List<Page> read = await(Flux.range(0, 40)
			.concatMap((i) -> this.lists.page(SHOP, Family.INTERNET, Range.ALL, 7, 100))
			.collectList()
			.zipWith(counting.thenReturn(true), (pages, end) -> pages));

		assertThat(read).extracting(OrderListStoreTest::text).containsOnly(expected);
		assertThat(await(this.tallies.end())).isAfter(NOW.minus(SPAN.dividedBy(2)));
	}

	@Test
	void behindTheLastPageIsNothing() {
		this.rows.add("shop", "internet", List.of(NOW, NOW, NOW));

		assertThat(await(this.lists.page(SHOP, Family.INTERNET, Range.ALL, Integer.MAX_VALUE, 100)))
			.isEqualTo(new Page(List.of(), 3));
		assertThat(await(this.lists.page(SHOP, Family.MOBILE, Range.ALL, 1, 100))).isEqualTo(new Page(List.of(), 0));
	}

	@Test
	void aRangeHoldsBothItsEndsAsTheyAreShown() {
		Instant at = Instant.parse("2026-01-01T10:00:00.123456Z");
		Instant shown = Instant.parse("2026-01-01T10:00:00.123Z");
		this.rows.add("shop", "internet", List.of(at));

		assertThat(total(new Range(shown, shown))).isEqualTo(1);
		assertThat(total(new Range(shown.plusMillis(1), shown.plusMillis(1)))).isZero();
		assertThat(total(new Range(shown.minusMillis(1), shown.minusMillis(1)))).isZero();
		assertThat(total(new Range(shown.plusMillis(1), shown.minusMillis(1)))).isZero();
	}

	/** 12 in an hour; those that are not counted yet are read for the total. */
	@Test
	void aLatePageReadsNoMoreOrdersThanTheFirst() {
		this.rows.addMany("shop", 20_000, 300);
		countTo(NOW.minus(1, ChronoUnit.HOURS));

		assertThat(readForPage(1)).isBetween(20L, 120L);
		assertThat(readForPage(1000)).isBetween(20L, 120L);
		assertThat(readForPage(Integer.MAX_VALUE)).isBetween(10L, 60L);
	}

	@Test
	void noFilterReadsTheWholeLedger() {
		this.rows.addMany("shop", 20_000, 300);

		for (Map<String, String> filters : List.of(Map.<String, String>of(), Map.of("state", "REJECTED"),
				Map.of("state", "FULFILLED"), Map.of("product", "4G"), Map.of("product", "ADSL"),
				Map.of("family", "mobile"), Map.of("family", "internet"), Map.of("ref", "none"),
				Map.of("ref", "many100"), Map.of("final", "true"), Map.of("final", "false"), Map.of("number", "0"),
				Map.of("search", "none"), Map.of("search", "many100"),
				Map.of("state", "REJECTED", "product", "ADSL"))) {
			for (boolean ofOne : List.of(true, false)) {
				assertThat(readAfter(ofOne, filters, false)).as("%s", filters).isLessThan(50);
				assertThat(readAfter(ofOne, filters, true)).as("%s", filters).isLessThan(50);
			}
		}
	}

	/** The planner's guesses come from rows, as they do after a while. */
	private void fill() {
		this.rows.add("shop", "internet", this.times);
		this.rows.add("shop", "mobile", this.times.subList(0, 500));
		this.rows.add("other", "internet", this.times.subList(500, 1000));
		this.database.sql("analyze").then().block(LIMIT);
	}

	/** Some of the same instant, some at the edges of hours, and many in a few hours. */
	private Instant time() {
		Instant time = NOW.minus(Duration.ofSeconds(this.random.nextLong(SPAN.toSeconds())));
		return switch (this.random.nextInt(4)) {
			case 0 -> time.truncatedTo(ChronoUnit.HOURS);
			case 1 -> time.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.MICROS);
			case 2 -> time.truncatedTo(ChronoUnit.DAYS).plusSeconds(this.random.nextInt(3000));
			default -> time.plusNanos(this.random.nextInt(1_000_000) * 1000L);
		};
	}

	private Range range() {
		return (this.random.nextInt(4) == 0) ? Range.ALL : new Range(edge(), edge());
	}

	private Instant edge() {
		return switch (this.random.nextInt(3)) {
			case 0 -> this.times.get(this.random.nextInt(this.times.size()));
			case 1 -> time().minusMillis(1);
			default -> time();
		};
	}

	private void countTo(Instant settled) {
		this.tallies.end().expand((end) -> this.tallies.count(end, settled)).blockLast(LIMIT);
	}

	private Mono<Instant> countOnce() {
		return this.tallies.end().flatMap((end) -> this.tallies.count(end, NOW));
	}

	private List<String> seen(Range range, int page, int size) {
		return text(await(this.lists.page(SHOP, Family.INTERNET, range, page, size)));
	}

	private long total(Range range) {
		return await(this.lists.page(SHOP, Family.INTERNET, range, 1, 10)).total();
	}

	/** The ids in their order, and the total behind them. */
	private static List<String> text(Page page) {
		return Stream
			.concat(page.orders().stream().map((order) -> order.id().value()), Stream.of(Long.toString(page.total())))
			.toList();
	}

	/** What a list without pages shows. */
	private List<Row> plain() {
		return await(this.database.sql("""
				select id, accepted_at from orders_order
				where caller = 'shop' and family = 'internet' and answer is distinct from 'REFUSED'
				order by accepted_at desc, id desc""")
			.map((row) -> new Row(row.get("id", String.class), row.get("accepted_at", Instant.class)))
			.all()
			.collectList());
	}

	private static List<String> page(List<Row> plain, Range range, int page, int size) {
		List<String> within = plain.stream().filter((row) -> range.contains(row.acceptedAt())).map(Row::id).toList();
		Stream<String> ids = within.stream().skip((page - 1L) * size).limit(size);
		return Stream.concat(ids, Stream.of(Integer.toString(within.size()))).toList();
	}

	private record Row(String id, Instant acceptedAt) {
	}

	private long readForPage(int page) {
		return read(this.database.sql("explain (analyze, format json) " + OrderListStore.PAGE)
			.bind("caller", "shop")
			.bind("family", "internet")
			.bind("from", Range.ALL.from())
			.bind("to", Range.ALL.end())
			.bind("skip", (page - 1L) * 20)
			.bind("size", 20));
	}

	private long readAfter(boolean ofOne, Map<String, String> filters, boolean place) {
		GenericExecuteSpec explain = this.database
			.sql("explain (analyze, format json) " + OrderListStore.after(ofOne, place, filters))
			.bind("limit", 21);
		if (ofOne) {
			explain = explain.bind("caller", "shop");
		}
		for (Map.Entry<String, String> filter : filters.entrySet()) {
			explain = filter.getKey().equals(OrderListStore.FINAL) ? explain
					: explain.bind(filter.getKey(), filter.getValue());
		}
		return read(place ? explain.bind("at", NOW.minus(SPAN)).bind("id", "0") : explain);
	}

	/** How many orders a statement reads, those included that it leaves out. */
	private static long read(GenericExecuteSpec explain) {
		JsonNode plan = JsonMapper.shared().readTree(await(explain.mapValue(String.class).one()));
		return plan.findParents("Relation Name")
			.stream()
			.filter((node) -> node.path("Relation Name").asString().equals("orders_order"))
			.mapToLong((node) -> Math
				.round((node.path("Actual Rows").asDouble() + node.path("Rows Removed by Filter").asDouble(0))
						* node.path("Actual Loops").asLong()))
			.sum();
	}

}
