package dz.flexy.gateway;

import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.orders.Sending;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/**
 * The gateway's parts on a real database and before a simulator, but nothing runs by
 * itself: neither loops nor web server. A test brings an order into a state and has one
 * part work on it.
 */
public final class LedgerUnderTest implements AutoCloseable {

	/** Settles nothing by itself. */
	public static final String NUMBER = "036362689";

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final AtomicInteger refs = new AtomicInteger();

	private final UpstreamSimulator upstream;

	private final Database database = Database.fresh();

	private final ConfigurableApplicationContext context;

	private LedgerUnderTest(UpstreamSimulator upstream, Map<String, Object> more) {
		this.upstream = upstream;
		GatewaySettings settings = GatewayUnderTest.settings(upstream, this.database)
			.set("gateway.upstream.accounts.main.limit", 1000);
		more.forEach(settings::set);
		List<String> arguments = new ArrayList<>(List.of(settings.asArguments()));
		arguments.add("--spring.config.name=none");
		this.context = ContextStart.alone(() -> new SpringApplicationBuilder(Parts.class).web(WebApplicationType.NONE)
			.initializers((context) -> context.getBeanFactory().registerSingleton("database", this.database.client()))
			.run(arguments.toArray(String[]::new)));
		LeasesUnderTest.live(bean(dz.flexy.gateway.lease.Replicas.class), 1);
	}

	/** Before a simulator that allows a thousand calls in two seconds. */
	public static LedgerUnderTest start() {
		return start(Map.of());
	}

	public static LedgerUnderTest start(Map<String, Object> more) {
		return new LedgerUnderTest(UpstreamSimulator.builder().limit(1000).window(Duration.ofSeconds(2)).start(), more);
	}

	public UpstreamSimulator upstream() {
		return this.upstream;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public Account account() {
		return bean(Accounts.class).all().iterator().next();
	}

	/** A new order of 1000 DZD, to be begun within two minutes. */
	public Order accepted() {
		return accepted(NUMBER);
	}

	public Order accepted(String number) {
		Caller caller = new Caller(new CallerId("shop"), account().id(), Set.of(), 100, Duration.ofSeconds(60),
				Optional.empty());
		Item item = new Item.TopUp("ADSL", number, new BigDecimal("1000"), Optional.empty());
		return get(
				orders().accept(new NewOrder(caller, Family.INTERNET, Optional.of("ref-" + this.refs.incrementAndGet()),
						item, Duration.ofMinutes(2), Optional.empty(), Optional.empty())));
	}

	/** A new order whose first send was committed. */
	public Order sending() {
		return begin(accepted());
	}

	/** One more send of the order. */
	public Order begin(Order order) {
		return get(orders().beginSending(order, new BigDecimal("980"), Duration.ofSeconds(2), Duration.ofMinutes(1)));
	}

	/** A new order whose first send was committed, and its answer lost. */
	public Order unknown() {
		return apply(sending(), Change.to(OrderState.SEND_UNKNOWN));
	}

	/** A new order that the upstream has under that id. */
	public Order handling(String upstreamId) {
		return apply(sending(), Change.to(OrderState.HANDLING).upstreamId(upstreamId));
	}

	public Order apply(Order order, Change change) {
		return get(orders().apply(order, change));
	}

	/** The order as it stands in the ledger. */
	public Order stored(Order order) {
		return get(orders().find(order.id()));
	}

	/** In how long somebody looks at the order. */
	public Duration due(Order order) {
		return due(order, "now()");
	}

	/** How long after its last change somebody looks at the order. */
	public Duration pause(Order order) {
		return due(order, "updated_at");
	}

	private Duration due(Order order, String since) {
		Double seconds = this.database.client()
			.sql("select extract(epoch from due_at - " + since + ")::float8 from orders_order where id = :id")
			.bind("id", order.id().value())
			.mapValue(Double.class)
			.one()
			.block(PATIENCE);
		return Duration.ofMillis((long) (Objects.requireNonNull(seconds) * 1000));
	}

	/** Sets columns of the order behind the gateway's back. */
	public Order set(Order order, String assignments) {
		this.database.client()
			.sql("update orders_order set " + assignments + " where id = :id")
			.bind("id", order.id().value())
			.then()
			.block(PATIENCE);
		return stored(order);
	}

	/** Any statement, behind the gateway's back. */
	public void execute(String sql) {
		this.database.client().sql(sql).then().block(PATIENCE);
	}

	/** The one value of a query, as text. */
	public String row(String sql) {
		return get(this.database.client().sql(sql).map((row) -> String.valueOf(row.get(0))).one());
	}

	/**
	 * The same order, as if it had been read that long after its last send could leave.
	 */
	public static Order readAfterSend(Order order, Duration after) {
		return readAt(order, Objects.requireNonNull(order.sending().by()).plus(after), order.sending());
	}

	/** The same order as if it had been read at another time. */
	public static Order readAt(Order order, Instant at, Sending sending) {
		return new Order(order.id(), order.account(), order.caller(), order.family(), order.ref(), order.upstreamRef(),
				order.item(), order.state(), order.version(), order.changes(), order.answered(), order.acceptedAt(), at,
				sending, order.cost(), order.upstreamId(), order.refusal(), order.reason(), order.ending(),
				order.card(), order.cardReads(), order.flag(), order.finalAt(), order.erasedAt());
	}

	/** The same order, as if something else were bought. */
	public static Order as(Order order, Family family, Item item) {
		return new Order(order.id(), order.account(), order.caller(), family, order.ref(), order.upstreamRef(), item,
				order.state(), order.version(), order.changes(), order.answered(), order.acceptedAt(), order.readAt(),
				order.sending(), order.cost(), order.upstreamId(), order.refusal(), order.reason(), order.ending(),
				order.card(), order.cardReads(), order.flag(), order.finalAt(), order.erasedAt());
	}

	@Override
	public void close() {
		this.context.close();
		this.upstream.close();
	}

	private Orders orders() {
		return bean(Orders.class);
	}

	private static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block(PATIENCE));
	}

	/* No @Configuration: the application's own scan would find it. */
	@ComponentScan(basePackageClasses = FlexyGateway.class, excludeFilters = @Filter(type = FilterType.REGEX,
			pattern = "dz\\.flexy\\.gateway\\.(\\w+|.*((?<!Budget)Loop|Routes|Filter|Handler|Renderer|Health))"))
	@ConfigurationPropertiesScan(basePackageClasses = FlexyGateway.class)
	static class Parts {

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

		@Bean
		io.micrometer.core.instrument.Clock ticks() {
			return new Ticks();
		}

		@Bean
		SecureRandom random() throws NoSuchAlgorithmException {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}

		@Bean
		JsonMapper json() {
			return new JsonMapper();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

	/** Ten times as slow, or permits would run out while a busy machine stalls. */
	private static final class Ticks implements io.micrometer.core.instrument.Clock {

		@Override
		public long wallTime() {
			return SYSTEM.wallTime();
		}

		@Override
		public long monotonicTime() {
			return SYSTEM.monotonicTime() / 10;
		}

	}

}
