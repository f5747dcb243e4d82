package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dz.flexy.gateway.FreePort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The simulator as a process of its own, known by its HTTP paths only. */
final class PlayedUpstream implements AutoCloseable {

	static final String KEY = "sim-key-1";

	/** By how much its clock, its {@code Date} and its {@code Reset} are ahead. */
	static final int SKEW_SECONDS = 7;

	static final int LIMIT = 6000;

	static final int SPEED = 10;

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port = FreePort.next();

	private final Process process;

	PlayedUpstream(Path directory) {
		String classes = Objects.requireNonNull(System.getProperty("java.class.path"));
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC",
				"-XX:TieredStopAtLevel=1", "-cp", classes, "dz.flexy.gateway.simulator.SimulatorMain"));
		command.addAll(List.of("port=" + this.port, "limit=" + LIMIT, "window=60", "speed=" + SPEED, "postponed=100",
				"skew=" + SKEW_SECONDS, "key=" + KEY, "balance=1000000000"));
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(directory.resolve("simulator.log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (!Patience.await(Duration.ofSeconds(60), Duration.ofMillis(200), this::answers)) {
			throw new IllegalStateException("the simulator does not start");
		}
	}

	int port() {
		return this.port;
	}

	/** A fault that hits that share of the requests to a path's last word. */
	void fault(String fault, int argument, String on, double chance, int seed) {
		post("/__sim/faults", Map.of("fault", fault, "argument", argument, "on", on, "chance", chance, "seed", seed));
	}

	/** The next so many requests are told that the limit is exceeded. */
	void storm(String on, int times) {
		post("/__sim/faults", Map.of("fault", "limited", "argument", 2, "on", on, "times", times));
	}

	void clearFaults() {
		exchange(HttpRequest.newBuilder(uri("/__sim/faults")).DELETE().build());
	}

	void stock(String type) {
		post("/__sim/stock-gift", Map.of("type", type, "quantity", 1_000_000));
	}

	/** How often the faults of these names have hit since they were asked for. */
	long hits(String... names) {
		Set<String> wanted = Set.of(names);
		return get("/__sim/faults").path("faults")
			.valueStream()
			.filter((rule) -> wanted.contains(rule.path("fault").asString()))
			.mapToLong((rule) -> rule.path("hits").longValue())
			.sum();
	}

	/** Calls beyond the limit, and all calls. */
	long overLimit() {
		return get("/__sim/tally").path("overLimit").longValue();
	}

	long calls() {
		return get("/__sim/tally").path("statuses").valueStream().mapToLong(JsonNode::longValue).sum();
	}

	/** The books. */
	List<Purchase> purchases() {
		Stream<Purchase> lines = get("/__sim/orders").path(KEY)
			.path("orders")
			.valueStream()
			.map((order) -> purchase(order, order.path("ref").asString(),
					Intent.line(order.path("number").asString())));
		Stream<Purchase> gifts = get("/__sim/gifts").path(KEY)
			.valueStream()
			.map((order) -> purchase(order, "",
					Intent.gifts(order.path("type").asString(), order.path("quantity").intValue())));
		return Stream.concat(lines, gifts).toList();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.http.close();
	}

	private static Purchase purchase(JsonNode order, String ref, String item) {
		return new Purchase(order.path("id").asString(), ref, item, order.path("status").asString(),
				order.path("charged").decimalValue());
	}

	private boolean answers() {
		try {
			return get("/__sim/tally").has("overLimit");
		}
		catch (UncheckedIOException down) {
			return false;
		}
	}

	private JsonNode get(String path) {
		return exchange(HttpRequest.newBuilder(uri(path)).build());
	}

	private void post(String path, Map<String, ?> body) {
		exchange(
				HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))).build());
	}

	private JsonNode exchange(HttpRequest request) {
		try {
			JsonNode body = JSON.readTree(this.http.send(request, BodyHandlers.ofString()).body());
			if (!body.path("success").asBoolean(false)) {
				throw new IllegalStateException(request + " " + body);
			}
			return body.path("data");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

}
