package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dz.flexy.gateway.CapturedLog;
import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.client.WebClient;

/** A gateway with what its operator looks at: health, alerts, log. */
final class Scene implements AutoCloseable {

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

	/** Nothing that an operator asks may hang. */
	private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final JsonMapper JSON = new JsonMapper();

	private final CapturedLog log = new CapturedLog();

	private final GatewayUnderTest gateway;

	private final Prometheus prometheus;

	private Scene(GatewayUnderTest gateway, Path directory) throws IOException {
		this.gateway = gateway;
		Files.writeString(directory.resolve("alerts.yaml"), Queries.rules());
		this.prometheus = Prometheus.start(directory, gateway.managementUri());
		this.prometheus.scrapes(2).block(PATIENCE);
	}

	static Scene open(Path directory, Map<String, Object> settings) throws IOException {
		return new Scene(GatewayUnderTest.start(settings), directory);
	}

	GatewayUnderTest gateway() {
		return this.gateway;
	}

	UpstreamSimulator upstream() {
		return this.gateway.upstream();
	}

	/** Waits until what there is to see is this, and returns it. */
	Sight await(Predicate<Sight> expected) {
		return Flux.interval(Duration.ZERO, BETWEEN_LOOKS)
			.onBackpressureDrop()
			.concatMap((tick) -> look(), 0)
			.filter(expected)
			.next()
			.timeout(PATIENCE, Mono.defer(this::look))
			.block(PATIENCE.multipliedBy(2));
	}

	/** Lines that were logged so far and have this in them. */
	List<String> logged(String part) {
		return this.log.lines().stream().filter((line) -> line.contains(part)).toList();
	}

	/** Waits until the series of a query add up to that; fails if they do not. */
	void await(String query, double value) {
		Flux.interval(Duration.ZERO, BETWEEN_LOOKS)
			.onBackpressureDrop()
			.concatMap((tick) -> this.prometheus.ask("sum(" + query + ") == " + value), 0)
			.filter((answer) -> !answer.path("data").path("result").isEmpty())
			.blockFirst(PATIENCE);
	}

	/** Waits until what is there now has been scraped. */
	void awaitScrape() {
		await("gateway_orders_entered_total{state=\"FULFILLED\"}", 1);
		this.prometheus.scrapes(2).block(PATIENCE);
	}

	/**
	 * Alerts first: they tell of the last scrape, so that what they tell of is health's
	 * by then.
	 */
	private Mono<Sight> look() {
		Mono<Set<String>> alerts = Flux.fromIterable(Queries.alerts())
			.filterWhen((alert) -> this.prometheus.ask(alert.getExpr().getStrVal())
				.map((answer) -> !answer.path("data").path("result").isEmpty()))
			.map((alert) -> alert.getAlert())
			.collect(Collectors.toCollection(TreeSet::new));
		return alerts.flatMap((holding) -> Mono.zip(health(""), health("/readiness"))
			.map((both) -> new Sight(both.getT1(), both.getT2().path("status").asString(), holding)));
	}

	private Mono<JsonNode> health(String group) {
		return WebClient.create(this.gateway.managementUri().toString())
			.get()
			.uri("/actuator/health" + group)
			.exchangeToMono((response) -> response.bodyToMono(String.class))
			.timeout(LONGEST_LOOK)
			.map(JSON::readTree);
	}

	@Override
	public void close() {
		this.prometheus.close();
		this.gateway.close();
		this.log.close();
	}

	/**
	 * What an operator sees.
	 *
	 * @param health the whole answer
	 * @param readiness of the probe
	 * @param alerts whose condition holds, however long
	 */
	record Sight(JsonNode health, String readiness, Set<String> alerts) {

		String component(String name) {
			return this.health.path("components").path(name).path("status").asString();
		}

		/** Names and states of the components that are not well. */
		Map<String, String> unwell() {
			return this.health.path("components")
				.properties()
				.stream()
				.filter((component) -> !component.getValue().path("status").asString().equals("UP"))
				.collect(Collectors.toMap(Map.Entry::getKey,
						(component) -> component.getValue().path("status").asString()));
		}

	}

}
