package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.client.WebClient;

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
		int port = freePort();
		ProcessBuilder builder = new ProcessBuilder("prometheus", "--config.file=" + settings,
				"--storage.tsdb.path=" + directory.resolve("store"), "--web.listen-address=127.0.0.1:" + port,
				"--log.level=warn")
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("prometheus.log").toFile());
		return new Prometheus(builder.start(), port);
	}

	/** Completes once that many scrapes have succeeded. */
	Mono<Void> scrapes(int count) {
		return ask("count_over_time(up[1m]) >= " + count + " and up == 1")
			.onErrorResume((notYet) -> Mono.just(JSON.readTree("{}")))
			.filter((answer) -> !answer.path("data").path("result").isEmpty())
			.repeatWhenEmpty((looks) -> Flux.from(looks).delayElements(BETWEEN_LOOKS))
			.then();
	}

	/** Emits Prometheus's answer to a query, a failure's too. */
	Mono<JsonNode> ask(String query) {
		return this.http.get()
			.uri((uri) -> uri.path("/api/v1/query").queryParam("query", "{query}").build(query))
			.exchangeToMono((response) -> response.bodyToMono(String.class))
			.map(JSON::readTree);
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
