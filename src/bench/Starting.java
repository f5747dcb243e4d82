import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * From the start of the process until it says that it is ready, in turn: the jar, the jar with
 * the AOT cache, and a bare Spring Cloud Gateway until it answers. The database is there and
 * migrated, as at any start but the first.
 */
final class Starting {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private final Path directory = Files.createTempDirectory("starting");

	private Starting() throws IOException {
	}

	public static void main(String[] arguments) throws Exception {
		new Starting().run();
		System.exit(0);
	}

	private interface Start {

		Process begin(int port, int management) throws Exception;

	}

	private void run() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start(); UpstreamSimulator upstream = UpstreamSimulator.start()) {
			Map<String, Start> subjects = new LinkedHashMap<>();
			subjects.put("Spring Cloud Gateway, bare", (port, management) -> process("peer", List.of("-jar", "src/bench/peer/target/peer.jar", "--server.port=" + port,
					"--upstream=http://127.0.0.1:" + upstream.baseUrl().getPort())));
			subjects.put("the jar", (port, management) -> gateway("jar", List.of("-jar", "target/flexy-gateway.jar"), postgres, upstream, port, management));
			Path extracted = this.directory.resolve("extracted");
			finish(process("extract", List.of("-Djarmode=tools", "-jar", "target/flexy-gateway.jar", "extract", "--destination", extracted.toString())));
			String jar = extracted.resolve("flexy-gateway.jar").toString();
			subjects.put("extracted", (port, management) -> gateway("extracted", List.of("-jar", jar), postgres, upstream, port, management));
			Path cache = this.directory.resolve("app.aot");
			train(cache, jar, postgres);
			subjects.put("extracted, with the AOT cache", (port, management) -> gateway("cached", List.of("-XX:AOTCache=" + cache, "-jar", jar), postgres, upstream, port, management));
			Map<String, List<Double>> figures = new LinkedHashMap<>();
			for (int round = 0; round <= ROUNDS; round++) {
				for (Map.Entry<String, Start> subject : subjects.entrySet()) {
					double seconds = time(subject.getKey(), subject.getValue());
					if (round > 0) {
						figures.computeIfAbsent(subject.getKey(), (name) -> new ArrayList<>()).add(seconds);
					}
				}
			}
			double peer = median(figures.get("Spring Cloud Gateway, bare"));
			System.out.println("\n| Start to readiness, " + ROUNDS + " rounds in turn | median | range | x Spring Cloud Gateway |\n|---|---|---|---|");
			figures.forEach((name, rounds) -> System.out.printf(Locale.ROOT, "| %s | %.2f s | %.2f - %.2f | %.2f |%n", name, median(rounds),
					rounds.stream().mapToDouble(Double::doubleValue).min().getAsDouble(),
					rounds.stream().mapToDouble(Double::doubleValue).max().getAsDouble(), median(rounds) / peer));
		}
	}

	private Process gateway(String name, List<String> jvm, EmbeddedPostgres postgres, UpstreamSimulator upstream, int port, int management) throws Exception {
		return gateway(name, jvm, settings(postgres, upstream.baseUrl(), port, management));
	}

	private static GatewaySettings settings(EmbeddedPostgres postgres, URI upstream, int port, int management) {
		return new GatewaySettings().database(postgres)
			.upstream(upstream, "sim-key-1")
			.caller("shop", "sim-key-1")
			.set("server.port", port)
			.set("management.server.port", management);
	}

	private Process gateway(String name, List<String> jvm, GatewaySettings settings) throws IOException {
		List<String> command = new ArrayList<>(Gateway.FLAGS);
		command.addAll(jvm);
		settings.asMap().forEach((setting, value) -> command.add("--" + setting + "=" + value));
		return process(name, command);
	}

	/** As the image's build does: started once, until it is ready and has answered. */
	private void train(Path cache, String jar, EmbeddedPostgres postgres) throws Exception {
		int port = Gateway.freePort();
		GatewaySettings settings = settings(postgres, URI.create("http://127.0.0.1:9"), port, Gateway.freePort());
		Process training = gateway("train", List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar), settings);
		ready(training, "train", URI.create("http://127.0.0.1:" + settings.asMap().get("management.server.port") + "/actuator/health/readiness"));
		ready(training, "train", URI.create("http://127.0.0.1:" + port + "/openapi.yaml"));
		training.destroy();
		training.waitFor();
	}

	private Process process(String name, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(Gateway.java()));
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(this.directory.resolve(name + ".log").toFile()).start();
	}

	private static void finish(Process process) throws Exception {
		if (process.waitFor() != 0) {
			throw new IllegalStateException(process.info().commandLine().orElse("?"));
		}
	}

	private double time(String name, Start start) throws Exception {
		int port = Gateway.freePort();
		int management = Gateway.freePort();
		long begun = System.nanoTime();
		Process process = start.begin(port, management);
		try {
			URI peer = URI.create("http://127.0.0.1:" + port + "/v3/ping");
			URI ready = URI.create("http://127.0.0.1:" + management + "/actuator/health/readiness");
			ready(process, name, name.startsWith("Spring") ? peer : ready);
			return (System.nanoTime() - begun) / 1e9;
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private void ready(Process process, String name, URI uri) throws Exception {
		long begun = System.nanoTime();
		HttpRequest probe = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
		try (HttpClient http = HttpClient.newHttpClient()) {
			while (process.isAlive() && System.nanoTime() - begun < 60_000_000_000L) {
				try {
					if (http.send(probe, BodyHandlers.discarding()).statusCode() == 200) {
						return;
					}
				}
				catch (IOException notYet) {
					// Asked again.
				}
				Thread.sleep(10);
			}
		}
		throw new IllegalStateException(name + " was not ready, see " + this.directory);
	}

	private static double median(List<Double> rounds) {
		return rounds.stream().sorted().toList().get(rounds.size() / 2);
	}

}
