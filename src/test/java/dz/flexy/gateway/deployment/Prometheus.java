package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

import dz.flexy.gateway.FreePort;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriBuilder;

/**
 * A Prometheus that scrapes one gateway each half second, with the labels that the
 * cluster's gives.
 */
final class Prometheus implements AutoCloseable {

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

	private static final JsonMapper JSON = new JsonMapper();

	private final Process process;

	private final WebClient http;

	private Prometheus(Process process, int port) {
		this.process = process;
		this.http = WebClient.create("http://127.0.0.1:" + port);
	}

	/**
	 * Starts it.
	 * @param directory holds the rules as alerts.yaml, takes all that it stores
	 * @param gateway the management port
	 */
	static Prometheus start(Path directory, URI gateway) throws IOException {
		Path settings = Files.writeString(directory.resolve("prometheus.yaml"), """
				global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}
				rule_files: [alerts.yaml]
				scrape_configs:
				  - job_name: flexy-gateway-management
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ["%s"]
				        labels: {namespace: %s, pod: flexy-gateway-0, service: flexy-gateway-management}
				""".formatted(gateway.getAuthority(), QueriesTest.NAMESPACE));
		int port = FreePort.next();
		ProcessBuilder builder = new ProcessBuilder("prometheus", "--config.file=" + settings,
				"--storage.tsdb.path=" + directory.resolve("store"), "--web.listen-address=127.0.0.1:" + port,
				"--log.level=warn")
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("prometheus.log").toFile());
		return new Prometheus(builder.start(), port);
	}

	/** Emits the time of the last scrape once that many have succeeded, it among them. */
	Mono<String> scrapes(int count) {
		return ask("timestamp(up) and sum_over_time(up[1m]) >= " + count + " and up == 1")
			.onErrorResume((notYet) -> Mono.just(JSON.readTree("{}")))
			.map((answer) -> answer.at("/data/result/0/value/1").asString(""))
			.filter((time) -> !time.isEmpty())
			.repeatWhenEmpty((looks) -> Flux.from(looks).delayElements(BETWEEN_LOOKS));
	}

	/** Emits Prometheus's answer to a query, a failure's too. */
	Mono<JsonNode> ask(String query) {
		return answer((uri) -> uri.queryParam("query", "{query}").build(query));
	}

	/** The same as of a time, whatever is scraped since. */
	Mono<JsonNode> ask(String query, String time) {
		return answer((uri) -> uri.queryParam("query", "{query}").queryParam("time", "{time}").build(query, time));
	}

	private Mono<JsonNode> answer(Function<UriBuilder, URI> query) {
		return this.http.get()
			.uri((uri) -> query.apply(uri.path("/api/v1/query")))
			.exchangeToMono((response) -> response.bodyToMono(String.class))
			.map(JSON::readTree);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

}
