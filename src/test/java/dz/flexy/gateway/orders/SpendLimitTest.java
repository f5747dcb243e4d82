package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.SpendLimit;
import dz.flexy.gateway.problem.Problem;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Each order is of 1000 DZD. */
class SpendLimitTest {

	/** Of more than a century: it does not end during a test. */
	private static final Duration WINDOW = Duration.ofDays(40_000);

	private static final Problem NO_BALANCE = Problem.of("INSUFFICIENT_BALANCE", 403, "too little");

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(Database.fresh().connections()).initialSize(1).maxSize(16).build());

	private final Ledger ledger = new Ledger(this.connections);

	private final Orders orders = this.ledger.orders();

	@AfterEach
	void close() {
		this.connections.disposeLater().block(LIMIT);
	}

	@Test
	void acceptsUpToTheLimitAndNotBeyond() {
		Caller shop = limited("2000");

		accept(shop, "r1");
		accept(shop, "r2");

		assertThat(refused(shop, "r3", "2000", "2000").retryAfter()).isGreaterThan(Duration.ofDays(1));
		assertThat(spent()).isEqualByComparingTo("2000");
		assertThat(rows("orders_order")).isEqualTo(2);
		assertThat(rows("orders_event")).isEqualTo(2);
	}

	@Test
	void anOrderAboveTheWholeLimitIsNeverAccepted() {
		Problem problem = refused(limited("999.99"), "r1", "999.99", "0");

		assertThat(problem).hasMessage("the order alone exceeds what the caller may order in any window");
		assertThat(problem.retryAfter()).isGreaterThan(Duration.ofDays(1));
		assertThat(rows("orders_spend")).isZero();
	}

	@Test
	void anOrderThatDoesNotFitLeavesTheRestForOthers() {
		Caller shop = limited("1999.99");
		accept(shop, "r1");

		refused(shop, "r2", "1999.99", "1000");

		assertThat(spent()).isEqualByComparingTo("1000");
	}

	@Test
	void ofFiftyAtOnceExactlyAsManyAsFitAreAccepted() {
		Caller shop = limited("7500");

		List<Boolean> accepted = await(Flux.range(0, 50)
			.flatMap((i) -> this.orders.accept(Ledger.order(shop, "r" + i))
				.map((order) -> true)
				.onErrorReturn((failure) -> code(failure).equals("SPEND_LIMIT_EXCEEDED"), false), 50)
			.collectList());

		assertThat(accepted).hasSize(50).filteredOn(Boolean::booleanValue).hasSize(7);
		assertThat(rows("orders_order")).isEqualTo(7);
		assertThat(spent()).isEqualByComparingTo("7000");
	}

	@Test
	void callersAreCountedApartAndOnlyThoseWithALimit() {
		accept(limited("1000"), "r1");

		this.ledger.accept(OTHER, "r1");

		assertThat(rows("orders_spend")).isOne();
	}

	@Test
	void aRejectionGivesBack() {
		Order order = accept(limited("1000"), "r1");

		await(this.orders.reject(order, NO_BALANCE));

		assertThat(spent()).isZero();
		accept(limited("1000"), "r2");
	}

	@Test
	void aRefundGivesBack() {
		Order order = accept(limited("1000"), "r1");

		this.ledger.move(this.ledger.sending(order), OrderState.HANDLING, OrderState.QUEUED);
		assertThat(spent()).isEqualByComparingTo("1000");
		this.ledger.move(await(this.ledger.store().find(order.id())), OrderState.REFUNDED);

		assertThat(spent()).isZero();
	}

	@Test
	void whatIsDeliveredInPartStaysCounted() {
		this.ledger.move(this.ledger.sending(accept(limited("1000"), "r1")), OrderState.PARTIALLY_FILLED);

		assertThat(spent()).isEqualByComparingTo("1000");
	}

	@Test
	void aStaleRejectionGivesNothingBack() {
		Order read = accept(limited("1000"), "r1");
		this.ledger.sending(read);

		assertThat(this.orders.reject(read, NO_BALANCE).blockOptional(LIMIT)).isEmpty();

		assertThat(spent()).isEqualByComparingTo("1000");
	}

	@Test
	void aCorrectionTakesAgain() {
		Order refunded = this.ledger.move(this.ledger.sending(accept(limited("1000"), "r1")), OrderState.REFUNDED);

		Order fulfilled = this.ledger.move(refunded, OrderState.FULFILLED);
		assertThat(spent()).isEqualByComparingTo("1000");
		this.ledger.move(fulfilled, OrderState.REFUNDED);
		assertThat(spent()).isZero();
	}

	@Test
	void aCorrectionBetweenTwoStatesWithoutMoneyChangesNothing() {
		Order rejected = await(this.orders.reject(accept(limited("1000"), "r1"), NO_BALANCE));

		this.ledger.move(rejected, OrderState.REFUNDED);

		assertThat(spent()).isZero();
	}

	/** A row is counted or not once for ever, whatever the setting says later. */
	@Test
	void anOrderFromBeforeTheLimitGivesNothingBack() {
		Order before = this.ledger.accept("r1");
		accept(limited("1000"), "r2");

		await(this.orders.reject(before, NO_BALANCE));

		assertThat(spent()).isEqualByComparingTo("1000");
	}

	@Test
	void aRepeatedRefIsNotCountedAndToldSo() {
		Caller shop = limited("2000");
		accept(shop, "r1");

		assertThatThrownBy(() -> accept(shop, "r1")).isInstanceOfSatisfying(Problem.class,
				(problem) -> assertThat(problem.code()).isEqualTo("DUPLICATED_REF"));
		assertThat(spent()).isEqualByComparingTo("1000");
	}

	@Test
	void aRepeatedRefIsToldSoOverTheLimitToo() {
		Caller shop = limited("1000");
		accept(shop, "r1");

		assertThatThrownBy(() -> accept(shop, "r1")).isInstanceOfSatisfying(Problem.class,
				(problem) -> assertThat(problem.code()).isEqualTo("DUPLICATED_REF"));
	}

	/**
	 * The acceptance waits for the order behind the ref, with the window's row locked.
	 */
	@Test
	void aRefRepeatedWhileItsOrderIsRejectedHoldsNothingUp() {
		Caller shop = limited("2000");
		Order order = accept(shop, "r1");
		ConnectionFactory holder = this.connections.unwrap();
		Connection held = await(Mono.from(holder.create()));
		hold(held, "begin", "select from orders_spend for update");

		Mono<String> repeated = this.orders.accept(Ledger.order(shop, "r1"))
			.map((accepted) -> "accepted")
			.onErrorResume((failure) -> Mono.just(code(failure)))
			.cache();
		repeated.subscribe();
		this.ledger.awaitBlocked(1);
		Mono<Order> rejected = this.orders.reject(order, NO_BALANCE).cache();
		rejected.subscribe((moved) -> {
		}, (failure) -> {
		});
		this.ledger.awaitBlocked(2);
		hold(held, "commit");

		assertThat(await(rejected).state()).isEqualTo(OrderState.REJECTED);
		assertThat(await(repeated)).isEqualTo("DUPLICATED_REF");
		assertThat(spent()).isZero();
		Mono.from(held.close()).block(LIMIT);
	}

	/**
	 * The explanation is held up by a lock on the orders until it says something else.
	 */
	@Test
	void whatFitsByThenMayComeAtOnce() {
		Caller shop = limited("1000");
		Order order = accept(shop, "r1");
		await(this.orders.reject(order, NO_BALANCE));
		ConnectionFactory holders = this.connections.unwrap();
		Connection spender = await(Mono.from(holders.create()));
		Connection locker = await(Mono.from(holders.create()));

		hold(spender, "begin", "update orders_spend set spent = 1000");
		Mono<Problem> refused = this.orders.accept(Ledger.order(shop, "r2"))
			.then(Mono.<Problem>empty())
			.onErrorResume(Problem.class, Mono::just)
			.cache();
		refused.subscribe();
		this.ledger.awaitBlocked(1);
		Mono<Void> locked = Mono.fromRunnable(() -> hold(locker, "begin", "lock table orders_order"))
			.subscribeOn(Schedulers.boundedElastic())
			.then()
			.cache();
		locked.subscribe();
		this.ledger.awaitBlocked(2);
		hold(spender, "commit");
		locked.block(LIMIT);
		hold(spender, "update orders_spend set spent = 0");
		hold(locker, "commit");

		Problem problem = await(refused);
		assertThat(problem.code()).isEqualTo("SPEND_LIMIT_EXCEEDED");
		assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(1));
		accept(shop, "r2");
		Mono.when(spender.close(), locker.close()).block(LIMIT);
	}

	@Test
	void anotherLengthIsAnotherWindowAlsoIfBothBeginAtOnce() {
		Duration longer = WINDOW.plusDays(1);
		Order first = accept(limited("1000"), "r1");
		Order second = accept(limited("1000", longer), "r2");

		await(this.orders.reject(first, NO_BALANCE));

		refused(limited("1000", longer), "r3", "1000", "1000");
		accept(limited("1000"), "r3");
		await(this.orders.reject(second, NO_BALANCE));
		accept(limited("1000", longer), "r4");
	}

	@Test
	void windowsAreForgottenNinetyDaysAfterTheirEnd() {
		accept(limited("1000"), "r1");
		await(this.ledger.database()
			.sql("insert into orders_spend values ('gone', 86400, now() - interval '91 days 1 second', 1), "
					+ "('kept', 86400, now() - interval '91 days' + interval '1 minute', 1)")
			.fetch()
			.rowsUpdated());

		await(new Idempotency(new IdempotencyStore(this.ledger.database()), this.ledger.store()).forgetOld());

		assertThat(await(this.ledger.database()
			.sql("select caller from orders_spend order by caller")
			.mapValue(String.class)
			.all()
			.collectList())).containsExactly("kept", "shop");
	}

	@Test
	void windowsBeginAtMultiplesOfTheirLength() {
		accept(limited("1000"), "r1");

		assertThat(
				await(this.ledger.database().sql("select starts_at from orders_spend").mapValue(Instant.class).one()))
			.isEqualTo(Instant.EPOCH);
	}

	@Test
	void aNewWindowBeginsWithNothingSpent() {
		Caller shop = limited("1000");
		Order old = accept(shop, "r1");
		await(this.ledger.database()
			.sql("with moved as (update orders_spend set starts_at = '1950-01-01Z') "
					+ "update orders_order set spend_window = '1950-01-01Z'")
			.fetch()
			.rowsUpdated());

		accept(shop, "r2");
		await(this.orders.reject(old, NO_BALANCE));

		refused(shop, "r3", "1000", "1000");
	}

	private Order accept(Caller caller, String ref) {
		return await(this.orders.accept(Ledger.order(caller, ref)));
	}

	private Problem refused(Caller caller, String ref, String limit, String spent) {
		Problem problem = catchThrowableOfType(Problem.class, () -> accept(caller, ref));
		assertThat(problem.code()).isEqualTo("SPEND_LIMIT_EXCEEDED");
		assertThat(problem.status()).isEqualTo(429);
		assertThat(problem.details()).containsEntry("limit", new BigDecimal(limit))
			.containsEntry("spent", new BigDecimal(spent))
			.containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", true);
		return problem;
	}

	private static String code(Throwable failure) {
		return (failure instanceof Problem problem) ? problem.code() : "";
	}

	private static Caller limited(String amount) {
		return limited(amount, WINDOW);
	}

	private static Caller limited(String amount, Duration window) {
		return new Caller(new CallerId(SHOP.value()), ACCOUNT, Set.of(), 1, LIMIT, Optional.empty(), BigDecimal.ONE,
				Optional.of(new SpendLimit(new BigDecimal(amount), window)));
	}

	private static void hold(Connection connection, String... statements) {
		Flux.fromArray(statements)
			.concatMap((sql) -> connection.createStatement(sql).execute())
			.concatMap(Result::getRowsUpdated)
			.blockLast(LIMIT);
	}

	private BigDecimal spent() {
		return await(this.ledger.database()
			.sql("select spent from orders_spend where caller = 'shop' order by starts_at desc limit 1")
			.mapValue(BigDecimal.class)
			.one());
	}

	private long rows(String table) {
		return await(this.ledger.database().sql("select count(*) from " + table).mapValue(Long.class).one());
	}

}
