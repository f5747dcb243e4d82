package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.SpendLimit;
import dz.flexy.gateway.problem.Problem;
import io.r2dbc.spi.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two statements are held in the middle, so that what comes then waits together. Refs
 * that begin with "held" are held, and with them their group.
 */
class GroupCommitTest {

	private static final Duration LOOK = Duration.ofMillis(20);

	private final Database fresh = Database.fresh();

	private final DatabaseClient database = this.fresh.client();

	private final Ledger ledger = new Ledger(this.fresh.connections());

	private final Connection holder = await(Mono.from(this.fresh.connections().create()));

	private Mono<List<Signal<Order>>> first = Mono.empty();

	@BeforeEach
	void holdTwo() {
		run("""
				create function hold() returns trigger language plpgsql as $$ begin
				  if new.ref like 'held%' then perform pg_advisory_xact_lock_shared(substr(new.ref, 5)::int); end if;
				  if new.ref like 'fails%' then raise exception using errcode = substr(new.ref, 7); end if;
				  return new;
				end $$""");
		run("create trigger hold before insert on orders_order for each row execute function hold()");
		run("""
				create function too_late() returns trigger language plpgsql as $$ begin
				  if new.ref = 'late' then raise exception using errcode = '23514'; end if;
				  return new;
				end $$""");
		run("create constraint trigger late after insert on orders_order deferrable initially deferred "
				+ "for each row execute function too_late()");
		lock("select pg_advisory_lock(i) from generate_series(1, 3) i");
		this.first = begun("held1", "held2");
		awaitHeld(1);
		awaitHeld(2);
	}

	@AfterEach
	void close() {
		Mono.from(this.holder.close()).block(LIMIT);
	}

	@Test
	void whatWaitsIsCommittedTogether() {
		Mono<List<Signal<Order>>> others = begun(refs(10));

		assertThat(rows()).isZero();
		release();

		assertThat(this.first.block(LIMIT)).hasSize(2).allMatch(Signal::isOnNext);
		assertThat(others.block(LIMIT)).hasSize(10).allMatch(Signal::isOnNext);
		assertThat(commits()).containsExactly(1L, 1L, 10L);
	}

	@Test
	void eachIsToldOfItsOwnOrder() {
		Mono<List<Signal<Order>>> others = begun(refs(10));
		release();

		assertThat(others.block(LIMIT)).extracting((told) -> told.get().ref()).containsExactly(refs(10));
	}

	@Test
	void aStatementTakesSixtyFourAtMost() {
		Mono<List<Signal<Order>>> others = begun(refs(65));
		release();

		assertThat(others.block(LIMIT)).hasSize(65).allMatch(Signal::isOnNext);
		assertThat(commits()).containsExactly(1L, 1L, 1L, 64L);
	}

	@Test
	void aUsedRefFailsAlone() {
		Mono<List<Signal<Order>>> others = begun("r1", "r2", "r2", "r3", "r4");
		release();

		List<Signal<Order>> told = others.block(LIMIT);
		assertThat(told).filteredOn(Signal::isOnNext)
			.extracting((order) -> order.get().ref())
			.containsExactlyInAnyOrder("r1", "r2", "r3", "r4");
		assertThat(told).filteredOn(Signal::isOnError)
			.extracting((failed) -> ((Problem) failed.getThrowable()).code())
			.containsExactly("DUPLICATED_REF");
		assertThat(rows()).isEqualTo(6);
	}

	@Test
	void aUsedKeyFailsAlone() {
		Mono<List<Signal<Order>>> others = all(
				Stream.of(keyed("r1", "k1"), keyed("r2", "k2"), keyed("r3", "k1"), Ledger.order(SHOP, "r4")));
		release();

		List<Signal<Order>> told = others.block(LIMIT);
		assertThat(told).filteredOn(Signal::isOnNext).hasSize(3);
		assertThat(told).filteredOn(Signal::isOnError)
			.extracting(Signal::getThrowable)
			.hasOnlyElementsOfType(IdempotencyKeyTaken.class);
		assertThat(await(this.database.sql("select count(*) from orders_idempotency").mapValue(Long.class).one()))
			.isEqualTo(2);
		assertThat(rows()).isEqualTo(5);
	}

	@Test
	void whatTheServerRefusesFailsAlone() {
		Mono<List<Signal<Order>>> others = begun("r1", "r2", "fails-23514", "r4");
		release();

		assertThat(codes(others)).containsExactly("accepted", "accepted", "STORE_UNAVAILABLE", "accepted");
	}

	/** Any of them may have been committed, so none is tried again. */
	@Test
	void whatTheServerDoesNotDenyMayHaveBeenAcceptedOfAll() {
		Mono<List<Signal<Order>>> others = begun("r1", "r2", "fails-57P01", "r4");
		release();

		assertThat(codes(others)).containsOnly("ACCEPTANCE_UNKNOWN").hasSize(4);
		assertThat(rows()).isEqualTo(2);
	}

	/** Nothing was committed before the commit. */
	@Test
	void whatFailsAtTheCommitIsToldAndCountedOnce() {
		Mono<List<Signal<Order>>> others = begun("r1", "r2", "late", "r4");
		release();

		assertThat(codes(others)).containsExactly("accepted", "accepted", "STORE_UNAVAILABLE", "accepted");
		assertThat(this.first.block(LIMIT)).hasSize(2);
		assertThat(this.ledger.meters().get("gateway.orders.entered").counter().count()).isEqualTo(5);
	}

	/** What one may order says nothing of the other. */
	@Test
	void spendLimitsAreEachCallersOwn() {
		Mono<List<Signal<Order>>> others = all(
				Stream.of(Ledger.order(limited("rich", "5000"), "r1"), Ledger.order(limited("poor", "10"), "r2")));
		release();

		assertThat(codes(others)).containsExactly("accepted", "SPEND_LIMIT_EXCEEDED");
	}

	@Test
	void whoStopsWaitingIsNotCommitted() {
		Disposable gone = accept("gone").subscribe();
		Mono<List<Signal<Order>>> others = begun("r1", "r2");
		gone.dispose();
		release();

		assertThat(codes(others)).containsExactly("accepted", "accepted");
		assertThat(refsInLedger()).containsExactlyInAnyOrder("held1", "held2", "r1", "r2");
	}

	/** The first of a group is whose turn it is. */
	@Test
	void othersAreCommittedWhenTheFirstGoesAway() {
		Disposable leader = accept("held3").subscribe();
		Mono<List<Signal<Order>>> others = begun("r1", "r2");
		lock("select pg_advisory_unlock(1)");
		awaitHeld(3);
		leader.dispose();
		release();

		assertThat(codes(others)).containsExactly("accepted", "accepted");
		assertThat(refsInLedger()).containsExactlyInAnyOrder("held1", "held2", "held3", "r1", "r2");
	}

	/** Subscribed at once; tells in the order of the refs. */
	private Mono<List<Signal<Order>>> begun(String... refs) {
		return all(Stream.of(refs).map((ref) -> Ledger.order(SHOP, ref)));
	}

	private Mono<List<Signal<Order>>> all(Stream<NewOrder> orders) {
		List<Mono<Signal<Order>>> outcomes = orders
			.map((order) -> Mono.fromFuture(this.ledger.orders().accept(order).materialize().toFuture()))
			.toList();
		return Flux.concat(outcomes).collectList();
	}

	private Mono<Order> accept(String ref) {
		return this.ledger.orders().accept(Ledger.order(SHOP, ref));
	}

	private static NewOrder keyed(String ref, String key) {
		NewOrder plain = Ledger.order(SHOP, ref);
		return new NewOrder(plain.caller(), plain.family(), plain.ref(), plain.item(), plain.sendDeadline(),
				plain.answered(), Optional.of(new IdempotencyKey(SHOP, "/v3/internet/send", key, "digest")));
	}

	private static Caller limited(String name, String amount) {
		return new Caller(new CallerId(name), ACCOUNT, Set.of(), 1, LIMIT, Optional.empty(), BigDecimal.ONE,
				Optional.of(new SpendLimit(new BigDecimal(amount), Duration.ofDays(40_000))));
	}

	private static String[] refs(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "r" + i).toArray(String[]::new);
	}

	private static List<String> codes(Mono<List<Signal<Order>>> told) {
		return await(told).stream()
			.map((one) -> one.isOnNext() ? "accepted" : ((Problem) one.getThrowable()).code())
			.toList();
	}

	private void release() {
		lock("select pg_advisory_unlock_all()");
	}

	private void lock(String sql) {
		Flux.from(this.holder.createStatement(sql).execute())
			.flatMap((result) -> result.map((row) -> 1))
			.then()
			.block(LIMIT);
	}

	/** Until the statement with that one waits for the lock. */
	private void awaitHeld(int key) {
		this.database
			.sql("select 1 from pg_locks where locktype = 'advisory' and not granted and objid = :key "
					+ "and database = (select oid from pg_database where datname = current_database())")
			.bind("key", key)
			.mapValue(Integer.class)
			.first()
			.repeatWhenEmpty((times) -> times.delayElements(LOOK))
			.block(LIMIT);
	}

	private void run(String sql) {
		this.database.sql(sql).then().block(LIMIT);
	}

	private long rows() {
		return await(this.database.sql("select count(*) from orders_order").mapValue(Long.class).one());
	}

	/** How many orders were committed by each statement. */
	private List<Long> commits() {
		return await(this.database.sql("select count(*) from orders_event group by xid order by 1")
			.mapValue(Long.class)
			.all()
			.collectList());
	}

	private List<String> refsInLedger() {
		return await(this.database.sql("select ref from orders_order").mapValue(String.class).all().collectList());
	}

}
