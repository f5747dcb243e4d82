import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Reads from memory and from the ledger a second: without an OTLP endpoint, with one that takes
 * a tenth of the traces, and with one that takes all. Three gateways, measured in turn.
 */
final class Traced {

	private static final int SECONDS = Integer.getInteger("seconds", 6);

	private static final int WARM_UP = Integer.getInteger("warm-up", 12);

	private static final int ROUNDS = Integer.getInteger("rounds", 3);

	private static final String KEY = "sim-key-1";

	private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final String SAMPLED = "management.tracing.sampling.probability";

	private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");

	private Traced() {
	}

	public static void main(String[] arguments) throws Exception {
		AtomicLong taken = new AtomicLong();
		HttpServer sink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		sink.setExecutor(Executors.newSingleThreadExecutor());
		sink.createContext("/", (exchange) -> {
			taken.addAndGet(exchange.getRequestBody().readAllBytes().length);
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		sink.start();
		String endpoint = "http://127.0.0.1:" + sink.getAddress().getPort() + "/v1/traces";
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
				UpstreamSimulator upstream = UpstreamSimulator.start();
				Gateway off = Gateway.start(settings(postgres, upstream));
				Gateway tenth = Gateway.start(settings(postgres, upstream).set(ENDPOINT, endpoint).set(SAMPLED, "0.1"));
				Gateway all = Gateway.start(settings(postgres, upstream).set(ENDPOINT, endpoint).set(SAMPLED, "1.0"))) {
			String order = accepted(off.uri());
			measure("products, from memory", "/v3/internet/products?type=ADSL", off, tenth, all);
			measure("an order, from the ledger", "/orders/" + order, off, tenth, all);
			System.out.printf(Locale.ROOT, "%nThe sink has taken %d MB.%n", taken.get() / 1_000_000);
		}
		System.exit(0);
	}

	private static GatewaySettings settings(EmbeddedPostgres postgres, UpstreamSimulator upstream) throws IOException {
		return new GatewaySettings().database(postgres)
			.upstream(upstream.baseUrl(), KEY)
			.caller("shop", KEY)
			.set("gateway.callers.shop.limit", 100_000_000)
			.set("logging.threshold.console", "off")
			.set("logging.file.name", Files.createTempFile("access", ".log"));
	}

	private static String accepted(URI gateway) throws Exception {
		try (HttpClient http = HttpClient.newHttpClient()) {
			String answer = http.send(HttpRequest.newBuilder(gateway.resolve("/v3/internet/send"))
				.header("X-Access-Token", KEY)
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers
					.ofString("{\"type\":\"ADSL\",\"number\":\"036362680\",\"value\":1000,\"ref\":\"one\"}"))
				.build(), BodyHandlers.ofString()).body();
			Matcher id = Pattern.compile("\"topupId\":\"([0-9a-f]+)\"").matcher(answer);
			if (!id.find()) {
				throw new IllegalStateException(answer);
			}
			return id.group(1);
		}
	}

	private static void measure(String what, String path, Gateway off, Gateway tenth, Gateway all) throws Exception {
		Map<String, Gateway> subjects = new LinkedHashMap<>();
		subjects.put("no endpoint", off);
		subjects.put("endpoint, 10 % sampled", tenth);
		subjects.put("endpoint, all sampled", all);
		for (Gateway subject : subjects.values()) {
			wrk(subject.uri() + path, WARM_UP);
		}
		Map<String, List<Double>> rates = new LinkedHashMap<>();
		for (int round = 0; round < ROUNDS; round++) {
			for (Map.Entry<String, Gateway> subject : subjects.entrySet()) {
				rates.computeIfAbsent(subject.getKey(), (name) -> new ArrayList<>())
					.add(wrk(subject.getValue().uri() + path, SECONDS));
			}
		}
		double without = median(rates.get("no endpoint"));
		System.out.printf(Locale.ROOT, "%n| %s, 64 connections, %d rounds of %d s in turn | requests/s (median) | x none |%n|---|---|---|%n", what,
				ROUNDS, SECONDS);
		rates.forEach((name, seen) -> System.out.printf(Locale.ROOT, "| %s | %.0f | %.2f |%n", name, median(seen),
				median(seen) / without));
	}

	private static double median(List<Double> rates) {
		return rates.stream().sorted().toList().get(rates.size() / 2);
	}

	private static double wrk(String url, int seconds) throws Exception {
		Process wrk = new ProcessBuilder("wrk", "-t", "2", "-c", "64", "-d", seconds + "s", "-H", "X-Access-Token: " + KEY, url)
			.redirectErrorStream(true)
			.start();
		String told = new String(wrk.getInputStream().readAllBytes());
		wrk.waitFor();
		Matcher rate = RATE.matcher(told);
		if (!rate.find() || told.contains("Non-2xx")) {
			throw new IllegalStateException(told);
		}
		return Double.parseDouble(rate.group(1));
	}

}
