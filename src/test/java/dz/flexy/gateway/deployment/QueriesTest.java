package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.Tool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What alerts, dashboard and autoscaler ask exists in a scrape of a gateway that has met
 * some trouble, and Prometheus itself answers it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class QueriesTest {

	static final String NAMESPACE = "flexy";

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private GatewayUnderTest gateway;

	@BeforeAll
	void meetTrouble() {
		this.gateway = GatewayUnderTest.start();
		String bought = this.gateway.send("036362680", "bought").block(PATIENCE).topupId();
		this.gateway.end(bought).block(PATIENCE);
		String drifted = this.gateway.send("036362686", "drifted").block(PATIENCE).topupId();
		this.gateway.end(drifted).block(PATIENCE);
		this.gateway.exchange(HttpMethod.GET, "/orders", Map.of("X-Access-Token", "nobody's"), new byte[0])
			.block(PATIENCE);
		Flux.interval(Duration.ZERO, Duration.ofMillis(100))
			.onBackpressureDrop()
			.concatMap((tick) -> scrape(), 0)
			.filter((scrape) -> scrape.contains("gateway_upstream_drift_total"))
			.blockFirst(PATIENCE);
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void readsNamesOutOfQueries() {
		assertThat(Queries.metrics(
				"sum by (a, b) (rate(x_total{c=\"d e\", f=~\"g\"}[5m])) / on (h) group_left (i) y > 3 and z offset 1h"))
			.containsExactly("x_total", "y", "z");
	}

	@Test
	void asksOnlyWhatIsThere() {
		Set<String> there = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)[ {]")
			.matcher(scrape().block(PATIENCE))
			.results()
			.map((line) -> line.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		// Comes into being with the first one of its kind.
		there.addAll(Set.of("gateway_loop_restarts_total", "gateway_polling_dropped_total", "gateway_stream_cut_total",
				"jvm_gc_pause_seconds_max"));

		assertThat(Queries.alerts()).hasSizeGreaterThan(10)
			.allSatisfy((alert) -> assertThat(there).as(alert.getAlert())
				.containsAll(Queries.metrics(alert.getExpr().getStrVal())));
		assertThat(Queries.dashboard()).hasSizeGreaterThan(20)
			.allSatisfy((query) -> assertThat(there).as(query).containsAll(Queries.metrics(query)));
		assertThat(Queries.autoscaler()).isNotEmpty().allSatisfy((metric) -> assertThat(there).contains(metric));
	}

	/** By the page, which is made of the code. */
	@Test
	void knowsTheTagsOfOurMetersAndTheirValues() throws IOException {
		Map<String, Map<String, Set<String>>> documented = Queries.documented();
		Set<String> queries = Stream
			.concat(Queries.alerts().stream().map((alert) -> alert.getExpr().getStrVal()), Queries.dashboard().stream())
			.collect(Collectors.toCollection(TreeSet::new));

		assertThat(documented).hasSizeGreaterThan(40);
		assertThat(queries)
			.allSatisfy((query) -> assertThat(Queries.unknownTags(query, documented)).as(query).isEmpty());
	}

	@Test
	void seesUnknownTagsAndValues() {
		Map<String, Map<String, Set<String>>> documented = Map.of("gateway_x",
				Map.of("state", Set.of("A", "B"), "account", Set.of("\\<account>")));

		assertThat(Queries.unknownTags(
				"sum by (namespace, state) (rate(gateway_x_total{state=~\"A|B\", account=\"main\"}[1m]))", documented))
			.isEmpty();
		assertThat(
				Queries.unknownTags("sum(gateway_x{state=\"C\", lane=\"send\"}) + sum by (z) (y{z=\"1\"})", documented))
			.containsExactlyInAnyOrder("state=C", "lane");
		assertThat(Queries.unknownTags("sum by (namespace, kind) (gateway_x)", documented)).containsExactly("kind");
	}

	@Test
	void tellsWhatToDo() throws IOException {
		String page = Files.readString(Path.of("docs", "operations.md"));
		List<String> anchors = Pattern.compile("(?m)^#+ (.+)$")
			.matcher(page)
			.results()
			.map((heading) -> "docs/operations.md#" + heading.group(1).toLowerCase().replace(' ', '-'))
			.toList();

		assertThat(Queries.alerts()).allSatisfy((alert) -> {
			assertThat(alert.getAnnotations().get("runbook")).as(alert.getAlert()).isIn(anchors);
			assertThat(alert.getAnnotations().get("summary")).isNotBlank();
			assertThat(alert.getLabels().get("severity")).isIn("critical", "warning");
			assertThat(page).containsPattern("\\b" + alert.getAlert() + "\\b");
		});
	}

	@Test
	void firesWhenItShould(@TempDir Path directory) throws IOException {
		assumeTrue(Tool.run(directory, Map.of(), "promtool", "--version").succeeded(), "Prometheus is not installed");
		Files.writeString(directory.resolve("alerts.yaml"), Queries.rules());
		Files.copy(Path.of("src/test/resources/deployment/alerts-test.yaml"), directory.resolve("alerts-test.yaml"));

		Tool.Result checked = Tool.run(directory, Map.of(), "promtool", "check", "rules",
				directory.resolve("alerts.yaml").toString());
		assertThat(checked.succeeded()).as(checked.output() + checked.errors()).isTrue();
		Tool.Result tested = Tool.run(directory, Map.of(), "promtool", "test", "rules",
				directory.resolve("alerts-test.yaml").toString());
		assertThat(tested.succeeded()).as(tested.output() + tested.errors()).isTrue();
	}

	@Test
	void isAnsweredByPrometheus(@TempDir Path directory) throws IOException {
		assumeTrue(Tool.run(directory, Map.of(), "prometheus", "--version").succeeded(), "Prometheus is not installed");
		Files.writeString(directory.resolve("alerts.yaml"), Queries.rules());
		try (Prometheus prometheus = Prometheus.start(directory, this.gateway.managementUri())) {
			// A scrape that fails between two questions would leave nothing to be found.
			String at = prometheus.scrapes(2).block(PATIENCE);

			assertThat(Queries.alerts()).allSatisfy((alert) -> assertThat(
					prometheus.ask(alert.getExpr().getStrVal(), at).block(PATIENCE).path("status").asString())
				.as(alert.getAlert())
				.isEqualTo("success"));
			assertThat(Queries.dashboard()).allSatisfy(
					(query) -> assertThat(prometheus.ask(query, at).block(PATIENCE).path("status").asString()).as(query)
						.isEqualTo("success"));
			assertThat(Queries.dashboard().stream().filter((query) -> isAnswered(prometheus, query, at)).count())
				.as("panels with something to show")
				.isGreaterThan(Queries.dashboard().size() * 3L / 4);
			// The database of the tests has no standby.
			assertThat(found(prometheus, at)).as("what has happened, and nothing else")
				.containsExactlyInAnyOrder("FlexyUpstreamDrifts", "FlexyCommitsUnsafe");
		}
	}

	private static boolean isAnswered(Prometheus prometheus, String query, String at) {
		return !prometheus.ask(query, at).block(PATIENCE).path("data").path("result").isEmpty();
	}

	private static List<String> found(Prometheus prometheus, String at) {
		return Queries.alerts()
			.stream()
			.filter((alert) -> isAnswered(prometheus, alert.getExpr().getStrVal(), at))
			.map((alert) -> alert.getAlert())
			.toList();
	}

	private Mono<String> scrape() {
		return WebClient.create(this.gateway.managementUri().toString())
			.get()
			.uri("/actuator/prometheus")
			.retrieve()
			.bodyToMono(String.class);
	}

}
