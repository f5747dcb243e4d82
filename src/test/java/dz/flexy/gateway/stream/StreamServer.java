package dz.flexy.gateway.stream;

import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.ContextStart;
import dz.flexy.gateway.Database;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.DirectOrders;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.LiveEvents;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The streams on a real server with a real ledger, and nothing that buys: the test moves
 * the orders itself.
 */
final class StreamServer implements AutoCloseable {

	static final String KEY = "shop-key";

	static final String OTHER_KEY = "other-key";

	/** May place orders but not read them. */
	static final String WRITER_KEY = "writer-key";

	/** May read everybody's. */
	static final String OPERATOR_KEY = "operator-key";

	static final CallerId SHOP = new CallerId("shop");

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	private final ConfigurableApplicationContext context;

	private StreamServer(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static StreamServer start(Map<String, Object> settings) {
		Map<String, Object> all = new HashMap<>(new GatewaySettings().database(Database.fresh().r2dbcUrl())
			.set("gateway.upstream.accounts.main.api-key", "not-used")
			.set("server.port", 0)
			.set("management.server.port", 0)
			.set("spring.flyway.enabled", false)
			.caller(SHOP.value(), KEY)
			.caller("other", OTHER_KEY)
			.caller("writer", WRITER_KEY)
			.set("gateway.callers.writer.scopes", "orders:write")
			.caller("operator", OPERATOR_KEY)
			.set("gateway.callers.operator.scopes", "orders:read,operator")
			.asMap());
		all.putAll(settings);
		SpringApplication application = new SpringApplication(Slice.class);
		application.setRegisterShutdownHook(false);
		application.addInitializers(GatewayUnderTest::giveEventLoops);
		return new StreamServer(ContextStart.alone(() -> application.run(arguments(all))));
	}

	/** Arguments win over {@code application.yml}. */
	private static String[] arguments(Map<String, Object> settings) {
		return settings.entrySet()
			.stream()
			.map((setting) -> "--" + setting.getKey() + "=" + setting.getValue())
			.toArray(String[]::new);
	}

	String url() {
		return "http://localhost:" + port();
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Orders orders() {
		return bean(Orders.class);
	}

	LiveEvents live() {
		return bean(LiveEvents.class);
	}

	Order accept(String ref) {
		Caller caller = new Caller(SHOP, new AccountId("main"), Set.of(), 1, LIMIT, Optional.empty());
		Item item = new Item.TopUp("ADSL", "036362608", new BigDecimal("1000"), Optional.empty());
		return orders()
			.accept(new NewOrder(caller, Family.INTERNET, Optional.of(ref), item, LIMIT, Optional.empty(),
					Optional.empty()))
			.blockOptional(LIMIT)
			.orElseThrow();
	}

	Order sending(Order order) {
		return orders().beginSending(order, new BigDecimal("975.5"), LIMIT, LIMIT).blockOptional(LIMIT).orElseThrow();
	}

	Order move(Order order, OrderState... states) {
		Order moved = order;
		for (OrderState state : states) {
			moved = orders().apply(moved, Change.to(state)).blockOptional(LIMIT).orElseThrow();
		}
		return moved;
	}

	/** Logs events of 4 kB each, more than any socket buffers. */
	void flood(Order order) {
		bean(DatabaseClient.class).sql("""
				insert into orders_event (order_id, caller, number, state, status, reason)
				select :id, :caller, 1 + i, 'QUEUED', 'QUEUED', repeat('x', 4000) from generate_series(1, 2500) i""")
			.bind("id", order.id().value())
			.bind("caller", order.caller().value())
			.fetch()
			.rowsUpdated()
			.block(LIMIT);
	}

	/** An order taken to its end: its events are HANDLING and FULFILLED. */
	Order fulfilled(String ref) {
		return move(sending(accept(ref)), OrderState.FULFILLED);
	}

	/** What a client gets on a path, comments and {@code retry:} included. */
	Flux<ServerSentEvent<String>> stream(String path, String... lastEventId) {
		return streamTo(KEY, path, lastEventId);
	}

	Flux<ServerSentEvent<String>> streamTo(String key, String path, String... lastEventId) {
		return WebClient.create(url())
			.get()
			.uri(path)
			.header("X-Access-Token", key)
			.headers((headers) -> headers.addAll("Last-Event-ID", List.of(lastEventId)))
			.retrieve()
			.bodyToFlux(EVENT);
	}

	Flux<ServerSentEvent<String>> stream(Order order, String... lastEventId) {
		return stream("/orders/" + order.id() + "/events", lastEventId);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** Not a component, so that a scan of the whole gateway does not find it. */
	@EnableAutoConfiguration
	@ComponentScan({ "dz.flexy.gateway.account", "dz.flexy.gateway.lease", "dz.flexy.gateway.callers",
			"dz.flexy.gateway.orders", "dz.flexy.gateway.problem", "dz.flexy.gateway.signal",
			"dz.flexy.gateway.stream" })
	@ConfigurationPropertiesScan({ "dz.flexy.gateway.account", "dz.flexy.gateway.callers", "dz.flexy.gateway.orders",
			"dz.flexy.gateway.signal", "dz.flexy.gateway.stream" })
	static class Slice {

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

		@Bean
		SecureRandom secureRandom() throws NoSuchAlgorithmException {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}

		/** There are none. */
		@Bean
		DirectOrders directOrders() {
			return new DirectOrders() {
				@Override
				public Mono<ObjectNode> byId(AccountId account, Family family, String id) {
					return Mono.empty();
				}

				@Override
				public Mono<ObjectNode> byRef(AccountId account, Family family, String ref) {
					return Mono.empty();
				}
			};
		}

	}

}
