package dz.flexy.gateway.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.OrderEvent.Place;
import dz.flexy.gateway.orders.OrderListStore.Range;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.await;

/**
 * What the statements that run all the time cost in a young ledger and in an old one, as
 * the pages that PostgreSQL looks at: times depend on the machine. Prints both, as
 * Markdown. Sizes: {@code -Dgrowth.history=10000000 -Dgrowth.open=100000}.
 */
@Tag("proof")
@Isolated("measures")
class GrowthTest {

	private static final History SMALL = new History(10_000, 100, 1);

	private static final History LARGE = new History(Integer.getInteger("growth.history", 400_000),
			Integer.getInteger("growth.open", 10_000), Integer.getInteger("growth.callers", 1000));

	private static final CallerId ONE = new CallerId("c0");

	private static final AccountId BUSY = new AccountId("busy");

	private static final Duration LEASE = Duration.ofSeconds(30);

	/** One page more or less is noise: where a row begins on a page is chance. */
	private static final int NOISE = 12;

	/**
	 * An index of ten thousand rows has two levels, one of ten million four. Where few
	 * leaves hold all that is looked for, many searches are one; so each may cost them
	 * all.
	 */
	private static final int DEEPER = 4;

	/**
	 * A hundred rows on a page each, and in the index the orders of the last two hours,
	 * which are counted for the total: some hundred on a page.
	 */
	private static final int LISTED = 100 + LARGE.open() / 200;

	/** Of the caller who ordered half of everything, everybody's may be passed. */
	private static final int LEFT_OUT = 1000;

	private static final int RUNS = 5;

	@Test
	void costsTheSameHoweverMuchThereIs() {
		Map<String, Plan> small = measured(SMALL);
		Map<String, Plan> large = measured(LARGE);
		print(small, large);

		SoftAssertions all = new SoftAssertions();
		small.forEach((name, before) -> {
			Plan after = large.getOrDefault(name, before);
			boolean bounded = name.endsWith(BOUNDED);
			boolean grows = name.endsWith(GROWS);
			all.assertThat(after.wholly())
				.as("%s reads a table wholly: %s", name, after.text())
				.doesNotContain("orders_order", "orders_event");
			if (!grows) {
				all.assertThat(after.pages())
					.as("%s: %d pages of few rows; %s", name, before.pages(), after.text())
					.isLessThanOrEqualTo(bounded ? 40_000 : Math.round(1.5 * before.pages()) + DEEPER * after.descents()
							+ NOISE + (name.startsWith("/v3 list") ? LISTED : 0));
				all.assertThat(after.removed())
					.as("%s leaves out; %s", name, after.text())
					.isLessThanOrEqualTo(bounded ? 5000 : LEFT_OUT);
			}
		});
		all.assertAll();
	}

	/** Some thousand rows at most, however many there are, and not at every beat. */
	private static final String BOUNDED = " (bounded)";

	/** With something else than orders and history: said in docs/performance.md. */
	private static final String GROWS = " (grows)";

	private static Map<String, Plan> measured(History history) {
		Database fresh = Database.fresh();
		history.fill(fresh.client());
		RecordedStatements recorded = new RecordedStatements(fresh.connections());
		Map<String, Plan> plans = new LinkedHashMap<>();
		new Statements(recorded, fresh.client()).all()
			.forEach((name, work) -> plans.put(name, plan(recorded, name, work)));
		return plans;
	}

	/** The median by its time. */
	private static Plan plan(RecordedStatements recorded, String name, Publisher<?> work) {
		List<RecordedStatements.Recorded> statements = recorded.of(work);
		if (statements.size() != 1) {
			throw new IllegalStateException(name + ": " + statements);
		}
		return Stream.generate(() -> recorded.explain(statements.getFirst()))
			.limit(RUNS)
			.sorted((one, other) -> Double.compare(one.milliseconds(), other.milliseconds()))
			.toList()
			.get(RUNS / 2);
	}

	private static void print(Map<String, Plan> small, Map<String, Plan> large) {
		List<String> lines = new ArrayList<>();
		lines.add("| Statement | pages | of many | ms | of many | left out |");
		lines.add("|---|---|---|---|---|---|");
		small.forEach((name, before) -> {
			Plan after = large.getOrDefault(name, before);
			lines.add(String.format(Locale.ROOT, "| %s | %d | %d | %.2f | %.2f | %d |", name, before.pages(),
					after.pages(), before.milliseconds(), after.milliseconds(), after.removed()));
		});
		System.out.println(SMALL + " and " + LARGE + "\n\n" + String.join("\n", lines) + "\n");
	}

	/** What runs, each with what makes exactly one statement. */
	private static final class Statements {

		private final DatabaseClient database;

		private final OrderStore orders;

		private final TurnStore turns;

		private final OrderListStore lists;

		private final EventStore events;

		private final TallyStore tallies;

		private final RetentionStore retention;

		private final UnsettledStore unsettled;

		private final OrderRateStore rates;

		private final Map<String, Publisher<?>> all = new LinkedHashMap<>();

		Statements(RecordedStatements recorded, DatabaseClient plain) {
			this.database = plain;
			DatabaseClient client = DatabaseClient.create(recorded);
			OrderRow rows = new OrderRow(new ProblemJson(JsonMapper.shared()));
			this.orders = new OrderStore(client, rows, new OrderMeters(new SimpleMeterRegistry()));
			this.turns = new TurnStore(client, rows);
			this.lists = new OrderListStore(client, rows);
			this.events = new EventStore(client, rows);
			this.tallies = new TallyStore(client);
			this.retention = new RetentionStore(client);
			this.unsettled = new UnsettledStore(client, rows);
			this.rates = new OrderRateStore(client);
		}

		Map<String, Publisher<?>> all() {
			sweep();
			dispatch();
			lists();
			streams();
			loops();
			return this.all;
		}

		private void sweep() {
			add("sweep: what to look at, 10", this.orders.toFollow(ACCOUNT, Family.INTERNET, 10));
			List<Order> seen = await(this.orders.toFollow(ACCOUNT, Family.INTERNET, 10).collectList());
			add("sweep: 10 seen unchanged", this.orders.seenUnchanged(seen, 1));
			Stretch stretch = await(this.orders.stretch(ACCOUNT, Family.INTERNET));
			add("slow sweep: the next stretch" + BOUNDED, this.orders.stretch(ACCOUNT, Family.INTERNET));
			add("slow sweep: the next order", this.orders.toFollowSlowly(ACCOUNT, Family.INTERNET, stretch));
			add("slow sweep: orders of a page, 30", this.orders.toFollowSlowly(ACCOUNT, Family.INTERNET, texts("""
					select upstream_id from orders_order where state = 'QUEUED' and family = 'internet'
					order by accepted_at desc limit 30""")));
		}

		private void dispatch() {
			add("claim to send, 8, one caller waits", this.turns.claim(ACCOUNT, Family.SOLD, 8, LEASE));
			add("claim to send, 8, all callers wait", this.turns.claim(BUSY, Family.SOLD, 8, LEASE));
			add("count of what waits, by caller" + GROWS, this.turns.waiting(ACCOUNT));
			add("claim to settle, 8", this.orders.claimToSettle(ACCOUNT, 8, LEASE));
		}

		private void lists() {
			OrderId any = new OrderId(
					texts("select id from orders_order where caller = 'c0' order by id offset 700 limit 1").iterator()
						.next());
			Order middle = await(this.orders.find(any));
			add("order by id", this.orders.find(any));
			add("order by ref", this.orders.findByRef(ONE, middle.family(), middle.ref()));
			add("/v3 list, page 1", this.lists.page(ONE, Family.INTERNET, Range.ALL, 1, 100));
			int pages = (int) (await(this.lists.page(ONE, Family.INTERNET, Range.ALL, 1, 1)).total() / 100);
			add("/v3 list, a page in the middle", this.lists.page(ONE, Family.INTERNET, Range.ALL, pages / 2, 100));
			add("/v3 list, the last page", this.lists.page(ONE, Family.INTERNET, Range.ALL, pages, 100));
			Optional<Cursor> deep = Optional.of(Cursor.at(middle));
			for (Map<String, String> filter : List.of(Map.<String, String>of(), Map.of("final", "false"),
					Map.of("state", "REFUNDED"))) {
				add("/orders of one " + filter + ", first",
						this.lists.after(Optional.of(ONE), Optional.empty(), filter, 51));
				add("/orders of one " + filter + ", deep", this.lists.after(Optional.of(ONE), deep, filter, 51));
				String grows = filter.containsKey("state") ? GROWS : "";
				add("/orders of all " + filter + ", first" + grows,
						this.lists.after(Optional.empty(), Optional.empty(), filter, 51));
				add("/orders of all " + filter + ", deep" + grows,
						this.lists.after(Optional.empty(), deep, filter, 51));
			}
		}

		private void streams() {
			OrderId order = new OrderId(
					texts("select id from orders_order order by id desc limit 1").iterator().next());
			add("stream of an order, replay", this.events.visible(order, 0));
			for (Optional<CallerId> caller : List.of(Optional.of(ONE), Optional.<CallerId>empty())) {
				String of = caller.isPresent() ? "stream of a caller, " : "stream of all, ";
				Place last = await(this.events.last(caller));
				Place before = await(this.database
					.sql("""
							select xid, position from orders_event where caller = 'c0' order by xid desc offset 100 limit 1""")
					.map((row) -> new Place(row.get("xid", Long.class), row.get("position", Long.class)))
					.one());
				add(of + "the last place", this.events.last(caller));
				add(of + "a known place", this.events.place(caller, before.position()));
				add(of + "replay of 100", this.events.visible(caller, before, 100));
				add(of + "open orders, 50", this.events.open(new Selection(caller, Optional.empty(), Optional.empty(),
						Optional.empty(), caller.isEmpty(), false), last, 50));
			}
			Place end = await(this.events.last(Optional.empty()));
			add("tail of the log", this.events.after(new Place(end.xid() - 20, 0), 1000));
		}

		private void loops() {
			add("tally: what is settled", this.tallies.settled());
			add("tally: a further hour" + GROWS,
					Mono.zip(read("select until from orders_tally_end"), read("select now() - interval '1 hour'"))
						.flatMap((read) -> this.tallies.count(read.getT1(), read.getT2())));
			add("retention, 100", this.retention.erase(Duration.ofDays(400), 100));
			add("card keys in use", this.retention.cardKeys());
			UnsettledStore.Filter everybody = UnsettledStore.Filter.all(Optional.empty());
			add("unsettled, first page", this.unsettled.page(everybody, Optional.empty(), 20));
			add("unsettled, count up to 1000" + BOUNDED, this.unsettled.count(everybody, 1000));
			add("orders a minute, of one caller" + GROWS, this.rates.accepted(Optional.of(ONE), 2));
			add("orders a minute, of all" + GROWS, this.rates.accepted(Optional.empty(), 2));
		}

		private Mono<Instant> read(String sql) {
			return this.database.sql(sql).mapValue(Instant.class).one();
		}

		private Collection<String> texts(String sql) {
			return await(this.database.sql(sql).mapValue(String.class).all().collectList());
		}

		private void add(String name, Publisher<?> work) {
			this.all.put(name, Flux.from(work));
		}

	}

}
