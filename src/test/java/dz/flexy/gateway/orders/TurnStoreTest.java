package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** The callers' names are their first letters. */
class TurnStoreTest {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final Pattern ROWS = Pattern.compile("rows=([0-9.]+) loops=([0-9]+)");

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(Database.fresh().connections()).initialSize(1).maxSize(4).build());

	private final Ledger ledger = new Ledger(this.connections);

	private final Orders orders = this.ledger.orders();

	private final TurnStore turns = this.ledger.turns();

	private int refs;

	@AfterEach
	void close() {
		this.connections.disposeLater().block(LIMIT);
	}

	@Test
	void callersTakeTurnsWhateverTheyHaveWaiting() {
		wait("a", "1", 100);
		wait("b", "1", 10);

		assertThat(claimed(20)).isEqualTo("ab".repeat(10));
		assertThat(claimed(3)).isEqualTo("aaa");
	}

	@Test
	void aBatchIsDividedToo() {
		wait("a", "1", 100);
		wait("b", "1", 10);

		List<Order> batch = claim(8);

		assertThat(perCaller(batch)).isEqualTo(Map.of("a", 4L, "b", 4L));
	}

	@Test
	void weightsDivideTheTurns() {
		wait("a", "1", 50);
		wait("b", "3", 50);

		assertThat(claimed(40).chars().filter((c) -> c == 'b').count()).isBetween(29L, 31L);
	}

	@Test
	void whoMayBeServedMoreThanOnceIsHoweverManyWait() {
		wait("a", "10", 5);
		wait("b", "1", 1);
		wait("c", "1", 1);
		wait("d", "1", 1);
		run("update orders_turn set served = 5 where caller <> 'a'");

		assertThat(perCaller(claim(2))).isEqualTo(Map.of("a", 2L));
	}

	@Test
	void aWeightMayBeAFraction() {
		wait("a", "0.5", 50);
		wait("b", "2", 50);

		assertThat(claimed(40).chars().filter((c) -> c == 'b').count()).isBetween(31L, 33L);
	}

	@Test
	void withinACallerTheOldestIsFirst() {
		List<String> accepted = wait("a", "1", 20);

		List<String> claimed = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			claimed.add(claim(1).getFirst().ref());
		}

		assertThat(claimed).isEqualTo(accepted);
	}

	/** He was away for fifty turns; he is next, but not for fifty turns. */
	@Test
	void whoComesBackIsNextButHasSavedNothing() {
		wait("a", "1", 200);
		wait("b", "1", 1);
		claimed(50);

		wait("b", "1", 50);

		assertThat(claimed(20)).startsWith("b").matches("(ab|ba){10}");
	}

	@Test
	void norDoesHeTakeAWholeBatch() {
		wait("a", "1", 60);
		claimed(50);
		wait("b", "1", 10);

		assertThat(perCaller(claim(8))).isEqualTo(Map.of("a", 4L, "b", 4L));
	}

	@Test
	void aNewcomerIsServedAtOnce() {
		wait("a", "1", 50);
		claimed(30);
		wait("b", "1", 5);

		assertThat(claimed(2)).contains("b");
	}

	@Test
	void anOrderThatComesBackIsNotCountedAgain() {
		wait("a", "1", 3);
		wait("b", "1", 3);
		Order first = claim(1).getFirst();
		Order second = claim(1).getFirst();
		BigDecimal had = served(first.caller());

		Order begun = await(this.orders.beginSending(first, null, LEASE, LEASE));
		await(this.orders.apply(begun, Change.to(OrderState.ACCEPTED).sends(0)));
		await(this.orders.apply(second, Change.note()));
		List<Order> again = claim(2);

		assertThat(again).extracting(Order::id).containsExactlyInAnyOrder(first.id(), second.id());
		assertThat(served(first.caller())).isEqualByComparingTo(had);
		assertThat(perCaller(claim(4))).isEqualTo(Map.of("a", 2L, "b", 2L));
	}

	/** It is the older one, and its caller has paid for it. */
	@Test
	void anOrderThatComesBackIsBeforeItsCallersOthers() {
		wait("a", "1", 5);
		Order first = claim(1).getFirst();
		await(this.orders.apply(first, Change.note()));

		assertThat(claim(1)).extracting(Order::id).containsExactly(first.id());
	}

	/** They are rejected without a send. */
	@Test
	void whatIsTooLateIsNotCounted() {
		wait("a", "1", 4);
		wait("b", "1", 4);
		run("update orders_order set send_deadline = now() - interval '1 second' where caller = 'a'");

		claim(8);

		assertThat(served(new CallerId("a"))).isZero();
		assertThat(served(new CallerId("b"))).isEqualByComparingTo("4");
	}

	@Test
	void whatIsNotDueIsNotClaimed() {
		wait("a", "1", 2);
		run("update orders_order set due_at = now() + interval '1 minute'");
		wait("b", "1", 1);

		assertThat(perCaller(claim(8))).isEqualTo(Map.of("b", 1L));
	}

	@Test
	void accountsDoNotShareTurns() {
		wait("a", "1", 2);

		assertThat(await(this.turns.claim(new AccountId("other"), Family.SOLD, 8, LEASE).collectList())).isEmpty();
		assertThat(claim(8)).hasSize(2);
	}

	/** Each of three replicas claims one at a time, as fast as it can. */
	@Test
	void threeClaimersAtOnceNeverShareAnOrderAndStayFair() {
		wait("a", "1", 200);
		wait("b", "1", 60);
		wait("c", "2", 100);
		List<Order> claimed = Collections.synchronizedList(new ArrayList<>());

		await(Flux.range(0, 3)
			.flatMap((replica) -> this.turns.claim(ACCOUNT, Family.SOLD, 2, LEASE)
				.doOnNext(claimed::add)
				.then()
				.repeat(29))
			.then(Mono.just(true)));

		assertThat(claimed).extracting(Order::id).doesNotHaveDuplicates();
		Map<String, Long> shares = perCaller(claimed);
		long quarter = claimed.size() / 4;
		assertThat(claimed).hasSizeGreaterThan(120);
		assertThat(shares.get("b")).isGreaterThanOrEqualTo(quarter * 9 / 10);
		assertThat(shares.get("c")).isGreaterThanOrEqualTo(quarter * 2 * 9 / 10);
		assertThat(served(new CallerId("a")).add(served(new CallerId("b")))
			.add(served(new CallerId("c")).multiply(BigDecimal.TWO))).as("nothing is lost")
			.isGreaterThanOrEqualTo(BigDecimal.valueOf(claimed.size()));
	}

	@Test
	void aClaimLooksAtNoMoreOrdersThanItTakes() {
		wait("a", "1", 1);
		wait("b", "1", 1);
		run("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
				                          send_deadline, state)
				select 'id' || i, 'main', 'a', 'internet', 'many' || i, 'up' || i, 'ADSL', '036362608', 1000,
				       now() + interval '1 hour', 'ACCEPTED' from generate_series(1, 20000) i""");
		run("analyze orders_order");

		List<String> plan = plan();

		assertThat(plan).noneMatch((node) -> node.contains("Seq Scan on orders_order"));
		assertThat(rows(plan)).as(String.join("\n", plan)).isBetween(4.0, 200.0);
	}

	@Test
	void norAtMoreCallersThanItTakesFrom() {
		run("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
				                          send_deadline, state)
				select 'id' || i, 'main', 'c' || i, 'internet', 'r' || i, 'up' || i, 'ADSL', '036362608', 1000,
				       now() + interval '1 hour', 'ACCEPTED' from generate_series(1, 2000) i""");
		await(this.turns.waiting(ACCOUNT).collectList());
		run("analyze orders_order");
		for (int i = 0; i < 12; i++) {
			run("update orders_turn set served = served + 1");
		}
		run("analyze orders_turn");

		List<String> plan = plan();

		assertThat(plan).noneMatch((node) -> node.contains("Seq Scan on orders_turn "));
		assertThat(rows(plan)).as(String.join("\n", plan)).isBetween(4.0, 200.0);
	}

	@Test
	void aClaimPassesByWhoeverHasNothingToBeTaken() {
		for (int i = 0; i < 10; i++) {
			wait("a" + i, "1", 1);
		}
		run("update orders_order set due_at = now() + interval '1 minute'");
		wait("b", "1", 1);

		assertThat(claimed(1)).isEqualTo("b");
	}

	/** By an operator's move, or by a replica of a release that noted nothing. */
	@Test
	void theCountNotesWhoseOrdersCameByAnotherWay() {
		wait("a", "1", 2);
		wait("b", "1", 1);
		run("delete from orders_turn where caller = 'a'");
		run("update orders_turn set waits_since = null where caller = 'b'");
		assertThat(claim(8)).isEmpty();

		await(this.turns.waiting(ACCOUNT).collectList());

		assertThat(claim(8)).hasSize(3);
	}

	/** As an operator may let an order wait again. */
	@Test
	void whomTheCountNotesStartsAtThePresentToo() {
		wait("a", "1", 30);
		wait("b", "1", 1);
		run("update orders_turn set waits_since = null where caller = 'b'");
		claimed(20);

		await(this.turns.waiting(ACCOUNT).collectList());

		assertThat(served(new CallerId("b"))).isEqualByComparingTo("19");
	}

	/** They are found without, and would be forgotten and noted in turn. */
	@Test
	void theCountNotesNobodyWhoseOrdersAreAllClaimed() {
		wait("a", "1", 1);
		claim(1);
		run("update orders_turn set waits_since = null");

		await(this.turns.waiting(ACCOUNT).collectList());

		assertThat(waiting()).isEmpty();
	}

	/** Else one who orders all the time would fall behind whoever comes after him. */
	@Test
	void ofEqualsWhoWaitsLongerIsFirstHoweverOftenHeOrders() {
		wait("b", "1", 1);
		wait("a", "1", 1);
		wait("c", "1", 1);
		ago("b", 31);
		wait("b", "1", 1);

		assertThat(claimed(1)).as("of the two whose turn is next").isEqualTo("b");
	}

	@Test
	void whoIsIdleIsForgottenAfterAMinuteAndNotedWhenHeComesBack() {
		wait("a", "1", 1);
		wait("b", "1", 1);
		wait("c", "1", 1);
		claim(1);
		claim(1);
		ago("a", 59);
		ago("b", 61);
		ago("c", 61);

		await(this.turns.forgetIdle(ACCOUNT).thenReturn(true));

		assertThat(waiting()).as("b has nothing that was not claimed").containsExactlyInAnyOrder("a", "c");
		wait("b", "1", 1);
		assertThat(waiting()).contains("b");
		assertThat(claim(8)).extracting((order) -> order.caller().value()).containsExactlyInAnyOrder("b", "c");
	}

	/** Else each of those who order all the time would wait for the others' commits. */
	@Test
	void whoIsKnownToWaitIsNotedOnceInHalfAMinute() {
		wait("a", "1", 1);
		ago("a", 29);
		wait("a", "1", 1);
		assertThat(count("orders_turn where asked_at < now() - interval '28 seconds'")).isOne();

		ago("a", 31);
		wait("a", "1", 1);
		assertThat(count("orders_turn where asked_at < now() - interval '28 seconds'")).isZero();
	}

	/** But the first order that a caller ever has does. */
	@Test
	void noAcceptanceWaitsForAnothersCommit() {
		this.ledger.hadOrders(new CallerId("a"));
		Transaction other = Transaction.begin(this.connections);
		await(other.ledger().orders().accept(Ledger.order(caller("a", "1"), "first")));

		wait("a", "1", 1);
		other.commit();

		assertThat(claim(8)).hasSize(2);
	}

	/** Whoever was away starts at the present, and so behind those who wait since. */
	@Test
	void whoWasForgottenStartsAtThePresent() {
		wait("a", "1", 30);
		wait("b", "1", 1);
		claimed(20);
		ago("b", 61);
		await(this.turns.forgetIdle(ACCOUNT).thenReturn(true));
		wait("b", "1", 1);
		wait("c", "1", 1);

		assertThat(served(new CallerId("b"))).isEqualByComparingTo("18");
		assertThat(served(new CallerId("c"))).isEqualByComparingTo("18");
	}

	@Test
	void forgettingWaitsForNobody() {
		wait("a", "1", 1);
		claim(1);
		ago("a", 61);
		Transaction other = Transaction.begin(this.connections);
		await(other.ledger().database().sql("select from orders_turn for update").then().thenReturn(true));

		await(this.turns.forgetIdle(ACCOUNT).thenReturn(true));

		assertThat(waiting()).containsExactly("a");
		other.commit();
	}

	@ParameterizedTest
	@CsvSource({ "40, 1", "1, 40" })
	void claimersAtOnceTakeWhatIsNextForBoth(int callers, int each) {
		List<String> refs = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			refs.addAll(wait("c" + i, "1", each));
		}
		Transaction first = Transaction.begin(this.connections);
		List<Order> firsts = await(first.ledger().turns().claim(ACCOUNT, Family.SOLD, 2, LEASE).collectList());
		assertThat(count("(select from orders_order for update skip locked) free")).isEqualTo(38);

		CompletableFuture<List<Order>> second = this.turns.claim(ACCOUNT, Family.SOLD, 2, LEASE)
			.collectList()
			.toFuture();
		this.ledger.awaitBlocked(1);
		first.commit();

		assertThat(await(Flux.concat(Flux.fromIterable(firsts), Mono.fromFuture(second).flatMapIterable((all) -> all))
			.map(Order::ref)
			.collectList())).containsExactlyInAnyOrderElementsOf(refs.subList(0, 4));
	}

	@Test
	void countsWhatWaitsForEachCaller() {
		wait("a", "1", 3);
		wait("b", "2.5", 2);
		this.ledger.sending(claim(1).getFirst());

		assertThat(await(this.turns.waiting(ACCOUNT).collectList()))
			.extracting((waiting) -> waiting.caller().value(), (waiting) -> waiting.weight().toPlainString(),
					Waiting::orders)
			.containsExactlyInAnyOrder(tuple("a", "1", 2L), tuple("b", "2.5", 2L));
	}

	/** Accepts so many, one after the other; their refs. */
	private List<String> wait(String name, String weight, int number) {
		Caller caller = caller(name, weight);
		return await(Flux.range(0, number)
			.concatMap((i) -> this.orders.accept(Ledger.order(caller, name + this.refs++)))
			.map(Order::ref)
			.collectList());
	}

	private static Caller caller(String name, String weight) {
		return new Caller(new CallerId(name), ACCOUNT, Set.of(), 1, LIMIT, Optional.empty(), new BigDecimal(weight),
				Optional.empty());
	}

	private List<Order> claim(int limit) {
		return await(this.turns.claim(ACCOUNT, Family.SOLD, limit, LEASE).collectList());
	}

	/** Claims one by one; the callers in their order. */
	private String claimed(int number) {
		StringBuilder callers = new StringBuilder();
		for (int i = 0; i < number; i++) {
			claim(1).forEach((order) -> callers.append(order.caller()));
		}
		return callers.toString();
	}

	private static Map<String, Long> perCaller(List<Order> orders) {
		return orders.stream()
			.map((order) -> order.caller().value())
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
	}

	private BigDecimal served(CallerId caller) {
		return await(this.ledger.database()
			.sql("select served from orders_turn where caller = :caller")
			.bind("caller", caller.value())
			.mapValue(BigDecimal.class)
			.one());
	}

	private long count(String from) {
		return await(this.ledger.database().sql("select count(*) from " + from).mapValue(Long.class).one());
	}

	private void run(String sql) {
		this.ledger.database().sql(sql).then().block(LIMIT);
	}

	private void ago(String caller, int seconds) {
		run("update orders_turn set asked_at = now() - interval '%d seconds' where caller = '%s'".formatted(seconds,
				caller));
	}

	/** Callers that a claim looks at. */
	private List<String> waiting() {
		return await(this.ledger.database()
			.sql("select caller from orders_turn where waits_since is not null")
			.mapValue(String.class)
			.all()
			.collectList());
	}

	private List<String> plan() {
		return await(this.ledger.database()
			.sql("explain (analyze, costs off, timing off) " + TurnStore.CLAIM)
			.bind("account", ACCOUNT.value())
			.bind("families", new String[] { "internet" })
			.bind("limit", 2)
			.bind("lease", 30.0)
			.mapValue(String.class)
			.all()
			.collectList());
	}

	/** Rows that the nodes of a plan gave, in all their loops. */
	private static double rows(List<String> plan) {
		return plan.stream()
			.map(ROWS::matcher)
			.filter(Matcher::find)
			.mapToDouble((node) -> Double.parseDouble(node.group(1)) * Long.parseLong(node.group(2)))
			.sum();
	}

}
