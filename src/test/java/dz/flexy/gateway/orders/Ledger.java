package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;

/**
 * The real ledger on a database of the test's own, put together by hand. Nothing runs in
 * it by itself: the log is followed when the test says so.
 */
public final class Ledger {

	public static final Duration LIMIT = Duration.ofSeconds(20);

	/** Hundreds of statements, one after the other, beside other tests. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	public static final AccountId ACCOUNT = new AccountId("main");

	public static final CallerId SHOP = new CallerId("shop");

	public static final CallerId OTHER = new CallerId("other");

	private final DatabaseClient database;

	private final Signals signals = new Signals();

	private final LiveEvents live = new LiveEvents();

	private final MeterRegistry counted = new SimpleMeterRegistry();

	private final OrderStore store;

	private final TurnStore turns;

	private final EventStore events;

	private final UnsettledStore unsettled;

	private final Orders orders;

	private final TailLoop tail;

	public Ledger(ConnectionFactory connections) {
		SecureRandom random = random();
		JsonMapper json = JsonMapper.shared();
		this.database = DatabaseClient.create(connections);
		OrderRow rows = new OrderRow(new ProblemJson(json));
		this.store = new OrderStore(this.database, rows, new OrderMeters(this.counted));
		this.turns = new TurnStore(this.database, rows);
		this.events = new EventStore(this.database, rows);
		this.unsettled = new UnsettledStore(this.database, rows);
		OrdersProperties properties = properties();
		this.orders = new Orders(this.store, this.turns, new RestoreStore(this.database, new OrderMeters(this.counted)),
				new Acceptance(this.store, new GroupCommit(this.store), noTraces(), Clock.systemUTC(), random),
				new CardVault(properties, random), new ProblemJson(json), this.live, this.signals);
		this.tail = new TailLoop(this.events, this.live, this.signals, properties);
	}

	/** As in production: seeded once, since the platform's default blocks. */
	private static SecureRandom random() {
		try {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

	static OrdersProperties properties() {
		String key = Base64.getEncoder().encodeToString(new byte[32]);
		return new OrdersProperties(key, List.of(), Duration.ofDays(400), Duration.ofMillis(50));
	}

	/** Only the very first order of a caller waits for another's commit. */
	void hadOrders(CallerId... callers) {
		await(Flux.just(callers)
			.concatMap((caller) -> this.database
				.sql("insert into orders_turn (account, caller, served) values (:account, :caller, 0)")
				.bind("account", ACCOUNT.value())
				.bind("caller", caller.value())
				.then())
			.then(Mono.just(true)));
	}

	OrderStore store() {
		return this.store;
	}

	TurnStore turns() {
		return this.turns;
	}

	UnsettledStore unsettled() {
		return this.unsettled;
	}

	public DatabaseClient database() {
		return this.database;
	}

	public EventStore events() {
		return this.events;
	}

	public LiveEvents live() {
		return this.live;
	}

	public Orders orders() {
		return this.orders;
	}

	MeterRegistry meters() {
		return this.counted;
	}

	Signals signals() {
		return this.signals;
	}

	/** Starts what follows the log; stop it in the end. */
	public void follow() {
		this.tail.start();

	}

	public void unfollow() {
		this.tail.stop();
	}

	/** Claims that the log is followed: the test hands events on by itself. */
	public void pretendToFollow() {
		this.live.follow();
	}

	public void publish(OrderEvent event) {
		this.live.publish(event);
	}

	/** What callers see of an order. */
	public List<OrderEvent> visible(Order order) {
		return await(this.events.visible(order.id(), 0).collectList());
	}

	public Order accept(String ref) {
		return accept(SHOP, ref);
	}

	public Order accept(CallerId caller, String ref) {
		return await(this.orders.accept(order(caller, ref)));
	}

	public Order sending(Order order) {
		return await(this.orders.beginSending(order, new BigDecimal("975.5"), LIMIT, LIMIT));
	}

	public Order move(Order order, OrderState... states) {
		Order moved = order;
		for (OrderState state : states) {
			moved = await(this.orders.apply(moved, Change.to(state)));
		}
		return moved;
	}

	/** An order on its way: callers see HANDLING. */
	public Order handled(String ref) {
		return move(sending(accept(ref)), OrderState.HANDLING);
	}

	/** An order taken to its end: callers see HANDLING and then FULFILLED. */
	public Order fulfilled(String ref) {
		return move(sending(accept(ref)), OrderState.FULFILLED);
	}

	/** Logs events of these numbers at once; the order's row stays as it is. */
	public void addEvents(Order order, int from, int to) {
		await(this.database.sql("""
				insert into orders_event (order_id, caller, number, state, status)
				select :id, :caller, i, 'QUEUED', 'QUEUED' from generate_series(:from, :to) i order by i""")
			.bind("id", order.id().value())
			.bind("caller", order.caller().value())
			.bind("from", from)
			.bind("to", to)
			.fetch()
			.rowsUpdated());
	}

	/** Those of a gateway that does not trace. */
	public static OrderTraces noTraces() {
		return new OrderTraces(Spans.off());
	}

	/** An order in memory alone, whose first send was committed then. */
	public static Order sent(Family family, Item item, Instant at, Instant readAt) {
		Sending sending = new Sending(1, at, at, at.plusSeconds(2), at.plusSeconds(120), 0, null, false, false);
		return new Order(new OrderId("0123456789abcdef01234567"), ACCOUNT, SHOP, family, "ref", "upstream-ref", item,
				OrderState.SEND_UNKNOWN, 1, 1, Optional.empty(), at, readAt, sending, null, null, Optional.empty(),
				null, new Ending(null, null, null, null), new SealedCard(null, null, null, null), 0, null, null, null);
	}

	public static NewOrder order(CallerId id, String ref) {
		return order(new Caller(id, ACCOUNT, Set.of(), 1, LIMIT, Optional.empty()), ref);
	}

	public static NewOrder order(Caller caller, String ref) {
		Item item = new Item.TopUp("ADSL", "036362608", new BigDecimal("1000"), Optional.empty());
		return new NewOrder(caller, Family.INTERNET, Optional.of(ref), item, Duration.ofMinutes(2), Optional.empty(),
				Optional.empty());
	}

	/** Until so many statements wait for what other transactions hold. */
	void awaitBlocked(int statements) {
		Flux.interval(Duration.ofMillis(20))
			.onBackpressureDrop()
			.concatMap((i) -> database()
				.sql("select count(*) from pg_stat_activity "
						+ "where datname = current_database() and wait_event_type = 'Lock'")
				.mapValue(Long.class)
				.one())
			.filter((waiting) -> waiting == statements)
			.blockFirst(LIMIT);
	}

	public static <T> T await(Mono<T> result) {
		return result.blockOptional(PATIENCE).orElseThrow();
	}

}
