package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

import dz.flexy.gateway.simulator.SimulatorBuilder;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The whole gateway on a free port, with a database of its own and a simulated upstream
 * that settles and is asked quickly. May be stopped and started again on the same
 * database. Its clients fail on an answer that the published contract does not know.
 */
public final class GatewayUnderTest implements AutoCloseable {

	/** The usual caller's key. */
	public static final String KEY = "shop-key";

	/** Another caller's key. */
	public static final String OTHER_KEY = "other-key";

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	/** Short, so that a used-up window is soon over. */
	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final JsonMapper JSON = new JsonMapper();

	static {
		/*
		 * A first use takes a lock, and answers are read on event loops, several at once.
		 */
		JSON.readTree("{}");
	}

	private final UpstreamSimulator upstream;

	private final Database database;

	private final GatewaySettings settings;

	private @Nullable ConfigurableApplicationContext context;

	private volatile @Nullable ApplicationContext management;

	private boolean guest;

	private GatewayUnderTest(UpstreamSimulator upstream, Database database, Map<String, Object> more) {
		this.upstream = upstream;
		this.database = database;
		this.settings = settings(upstream, database);
		more.forEach(this.settings::set);
	}

	/**
	 * A gateway before a simulator that allows 200 calls in 2 s and settles ten times as
	 * fast.
	 */
	public static GatewayUnderTest start() {
		return start(Map.of());
	}

	/**
	 * The same with other settings.
	 * @param more win over the test's own
	 * @return the running gateway
	 */
	public static GatewayUnderTest start(Map<String, Object> more) {
		return start(more, (simulator) -> simulator);
	}

	/**
	 * The same before another simulator.
	 * @param more win over the test's own
	 * @param changes what the simulator has otherwise
	 * @return the running gateway
	 */
	public static GatewayUnderTest start(Map<String, Object> more, UnaryOperator<SimulatorBuilder> changes) {
		UpstreamSimulator upstream = changes
			.apply(UpstreamSimulator.builder().port(FreePort.next()).limit(200).window(WINDOW).speed(10))
			.start();
		GatewayUnderTest gateway = new GatewayUnderTest(upstream, Database.fresh(), more);
		gateway.restart();
		return gateway;
	}

	/**
	 * A further replica, or a later version, on the same database and before the same
	 * simulator. Closing it leaves both.
	 * @param more win over the test's own
	 * @return the running gateway
	 */
	public GatewayUnderTest another(Map<String, Object> more) {
		GatewayUnderTest another = new GatewayUnderTest(this.upstream, this.database, more);
		another.guest = true;
		another.restart();
		return another;
	}

	/** Settings for a gateway before that simulator and database, delays shortened. */
	public static GatewaySettings settings(UpstreamSimulator upstream, Database database) {
		return new GatewaySettings().database(database.r2dbcUrl())
			.upstream(upstream.baseUrl(), "sim-key-1")
			.caller("shop", KEY)
			.caller("other", OTHER_KEY)
			.set("server.port", 0)
			.set("management.server.port", 0)
			.set("gateway.upstream.accounts.main.limit", 200)
			.set("gateway.upstream.accounts.main.window", WINDOW)
			.set("gateway.upstream.response-timeout", "4s")
			.set("gateway.upstream.connect-timeout", "500ms")
			.set("gateway.dispatch.send-wait", "15s")
			.set("gateway.dispatch.send-within", "3s")
			.set("gateway.dispatch.absence-margin", "500ms")
			.set("gateway.dispatch.absence-gap", "500ms")
			.set("gateway.dispatch.gift-card-wait", "1s")
			.set("gateway.polling.sweep", "300ms")
			.set("gateway.polling.card-wait", "500ms")
			.set("spring.main.register-shutdown-hook", false);
	}

	/** Stops the gateway, if it runs, and starts it on the same database. */
	public void restart() {
		stop();
		SpringApplication application = new SpringApplication(FlexyGateway.class);
		application.addInitializers(GatewayUnderTest::giveEventLoops);
		application.addListeners((ApplicationListener<ReactiveWebServerInitializedEvent>) (event) -> {
			if (WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(), "management")) {
				this.management = event.getApplicationContext();
			}
		});
		this.context = ContextStart.alone(() -> application.run(this.settings.asArguments()));
	}

	/**
	 * Gives an application event loops of its own. One that stops would dispose of the
	 * others' with those that all share.
	 * @param application not yet refreshed
	 */
	public static void giveEventLoops(ConfigurableApplicationContext application) {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setShutdownQuietPeriod(Duration.ZERO);
		resources.start();
		application.getBeanFactory().registerSingleton("reactorResources", resources);
	}

	/** Stops the gateway; the upstream and the database stay. */
	public void stop() {
		if (this.context != null) {
			this.context.close();
			this.context = null;
		}
	}

	public UpstreamSimulator upstream() {
		return this.upstream;
	}

	public Database database() {
		return this.database;
	}

	/** A bean of the running gateway. */
	public <T> T bean(Class<T> type) {
		return context().getBean(type);
	}

	/** All beans of a type of the running gateway. */
	public <T> Collection<T> beans(Class<T> type) {
		return context().getBeansOfType(type).values();
	}

	/** A bean of which there are more than one. */
	<T> T bean(String name, Class<T> type) {
		return context().getBean(name, type);
	}

	/** A bean of the management port's own context. */
	<T> T managementBean(String name, Class<T> type) {
		return Objects.requireNonNull(this.management, "not running").getBean(name, type);
	}

	/** Where operators ask. */
	public URI managementUri() {
		return URI.create("http://localhost:" + context().getEnvironment().getProperty("local.management.port"));
	}

	public URI uri() {
		return URI.create("http://localhost:" + context().getEnvironment().getProperty("local.server.port"));
	}

	/** A client of the usual caller. */
	public WebClient client() {
		return client(KEY);
	}

	public WebClient client(String key) {
		return WebClient.builder()
			.baseUrl(uri().toString())
			.defaultHeader("X-Access-Token", key)
			.filter(ContractFilter.shared())
			.build();
	}

	/** Sends an ADSL order of 1000 DZD. */
	public Mono<Answer> send(String number, String ref) {
		return send(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref));
	}

	public Mono<Answer> send(Map<String, Object> body) {
		return send(body, Map.of());
	}

	public Mono<Answer> send(Object body, Map<String, String> headers) {
		return client().post()
			.uri("/v3/internet/send")
			.contentType(MediaType.APPLICATION_JSON)
			.headers((all) -> headers.forEach(all::set))
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

	/** Sends a body to a path, as the usual caller. */
	public Mono<Answer> post(String path, Object body) {
		return client().post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

	public Mono<Answer> get(String path, Object... variables) {
		return client().get()
			.uri(path, variables)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

	/**
	 * Any request, with exactly these headers and no key but theirs.
	 * @param path goes out as it is, escapes included
	 */
	public Mono<Answer> exchange(HttpMethod method, String path, Map<String, String> headers, byte[] body) {
		return WebClient.builder()
			.filter(ContractFilter.shared())
			.build()
			.method(method)
			.uri(URI.create(uri() + path))
			.headers((all) -> headers.forEach(all::set))
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of);
	}

	/** The order's events as they come; heartbeats left out. */
	public Flux<ServerSentEvent<String>> events(String orderId, @Nullable String lastEventId) {
		return stream(KEY, "/orders/" + orderId + "/events", lastEventId);
	}

	/** A stream's events as they come; heartbeats left out. */
	public Flux<ServerSentEvent<String>> stream(String key, String path, @Nullable String lastEventId) {
		return client(key).get().uri(path).accept(MediaType.TEXT_EVENT_STREAM).headers((headers) -> {
			if (lastEventId != null) {
				headers.set("Last-Event-ID", lastEventId);
			}
		})
			.retrieve()
			.bodyToFlux(EVENT)
			.filter((event) -> event.event() != null)
			.doOnNext((event) -> PublishedContract.shared().check(path, event));
	}

	/** Waits for the order's last event, on its stream, and emits its full view. */
	public Mono<JsonNode> end(String orderId) {
		return events(orderId, "0").then(get("/orders/{id}", orderId)).map(Answer::data);
	}

	/** Reads an event's data. */
	public static JsonNode data(ServerSentEvent<String> event) {
		return JSON.readTree(Objects.requireNonNull(event.data()));
	}

	@Override
	public void close() {
		stop();
		if (!this.guest) {
			this.upstream.close();
		}
		PublishedContract.shared().assertKept();
	}

	private ConfigurableApplicationContext context() {
		return Objects.requireNonNull(this.context, "not running");
	}

	/** How long a test waits for what it expects, at most. */
	public static Duration patience() {
		return Duration.ofSeconds(30);
	}

	/**
	 * What the gateway answered.
	 *
	 * @param status HTTP status
	 * @param headers its headers
	 * @param body the envelope
	 */
	public record Answer(int status, HttpHeaders headers, JsonNode body) {

		/** Reads a response; one without a body has an empty envelope. */
		static Answer of(ResponseEntity<String> response) {
			String body = response.getBody();
			return new Answer(response.getStatusCode().value(), response.getHeaders(),
					JSON.readTree((body != null && !body.isEmpty()) ? body : "{}"));
		}

		/** The envelope's {@code data}. */
		public JsonNode data() {
			return this.body.path("data");
		}

		/** The id that a send was answered with. */
		public String topupId() {
			return data().path("topupId").asString("");
		}

		/** The error's code, empty for a success. */
		public String code() {
			return this.body.path("error").path("code").asString("");
		}

	}

}
