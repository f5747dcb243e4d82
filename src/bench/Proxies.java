import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Requests a second that are answered from memory, from the ledger and by the upstream, beside
 * nginx and Spring Cloud Gateway; and what a passed-on request costs in time. The upstream is
 * an nginx that answers at once what the simulator would, so that it is not what is measured.
 * Some of them: {@code -Donly=regex}, with nginx proxying products and Spring Cloud Gateway among
 * them, which the others are compared with.
 */
final class Proxies {

	private static final String PRODUCTS = "/v3/internet/products?type=ADSL";

	private static final String BALANCE = "/v3/account/balance";

	private static final String PASSED = "/v3/bills/partners";

	private static final String OPEN = "/v3/internet/check-id/%024x".formatted(1);

	private static final String FINISHED = "/v3/internet/check-id/%024x".formatted(2);

	private static final int SECONDS = Integer.getInteger("seconds", 10);

	/** The compiler needs so long with its cores taken. */
	private static final int WARM_UP = Integer.getInteger("warm-up", 25);

	private static final int ROUNDS = Integer.getInteger("rounds", 3);

	private static final String KEY = "sim-key-1";

	private final Path directory = Files.createTempDirectory("proxies");

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private Proxies() throws IOException {
	}

	public static void main(String[] arguments) throws Exception {
		new Proxies().run();
		System.exit(0);
	}

	private void run() throws Exception {
		int upstream = Gateway.freePort();
		int proxy = Gateway.freePort();
		int plain = Gateway.freePort();
		int peer = Gateway.freePort();
		Process nginx = nginx(upstream, proxy, plain);
		Process spring = spring(peer, upstream);
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
				Gateway gateway = Gateway.start(more(new GatewaySettings()).database(postgres)
					.upstream(URI.create("http://127.0.0.1:" + upstream), KEY)
					.set("gateway.upstream.accounts.main.limit", 100_000_000)
					.caller("shop", KEY)
					.set("gateway.callers.shop.limit", 100_000_000)
					.set("gateway.callers.shop.scopes", "orders:write,orders:read,catalog:read,balance:read,bills")
					.set("logging.threshold.console", "off")
				.set("logging.file.name", this.directory.resolve("access.log")))) {
			seed(postgres);
			Map<String, String> subjects = new LinkedHashMap<>();
			subjects.put("nginx proxying products, connections kept", "http://127.0.0.1:" + proxy + PRODUCTS);
			subjects.put("nginx proxying products", "http://127.0.0.1:" + plain + PRODUCTS);
			subjects.put("products, from memory", gateway.uri() + PRODUCTS);
			subjects.put("balance, from memory", gateway.uri() + BALANCE);
			subjects.put("check-id of an open order", gateway.uri() + OPEN);
			subjects.put("check-id of a finished order", gateway.uri() + FINISHED);
			subjects.put("passthrough", gateway.uri() + PASSED);
			subjects.put("Spring Cloud Gateway, the same path", "http://127.0.0.1:" + peer + PASSED);
			subjects.put("a handler that only forwards by WebClient", "http://127.0.0.1:" + peer + "/least" + PASSED);
			subjects.keySet().removeIf((name) -> !name.matches(System.getProperty("only", ".*")));
			if (Boolean.getBoolean("serve")) {
				subjects.forEach((name, url) -> System.out.println(name + ": " + url));
				System.out.println("gateway: pid " + gateway.process().pid() + "; ends with this process");
				Thread.sleep(Duration.ofMinutes(30));
			}
			for (String url : subjects.values()) {
				wrk(url, WARM_UP);
			}
			Map<String, List<Measured>> figures = new LinkedHashMap<>();
			for (int round = 0; round < ROUNDS; round++) {
				for (Map.Entry<String, String> subject : subjects.entrySet()) {
					figures.computeIfAbsent(subject.getKey(), (name) -> new ArrayList<>())
						.add(wrk(subject.getValue(), SECONDS));
				}
			}
			print(figures);
			latency("http://127.0.0.1:" + upstream + PASSED, gateway.uri() + PASSED);
		}
		finally {
			nginx.destroy();
			spring.destroy();
		}
	}

	/** To compare settings: {@code -Dmore=name=value,...}. */
	private static GatewaySettings more(GatewaySettings settings) {
		for (String one : System.getProperty("more", "").split(",")) {
			if (one.contains("=")) {
				settings.set(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
			}
		}
		return settings;
	}

	private record Measured(double rate, double p50, double p99, long failed) {
	}

	private void print(Map<String, List<Measured>> figures) {
		double nginx = median(figures.get("nginx proxying products"));
		double spring = median(figures.get("Spring Cloud Gateway, the same path"));
		System.out.println("\n| 64 connections, " + ROUNDS + " rounds of " + SECONDS
				+ " s in turn | requests/s (median) | x nginx | x Spring Cloud Gateway | p50 / p99 (last round) | not 2xx |");
		System.out.println("|---|---|---|---|---|---|");
		figures.forEach((name, rounds) -> System.out.printf(Locale.ROOT, "| %s | %.0f | %.2f | %.2f | %.1f ms / %.1f ms | %d |%n", name,
				median(rounds), median(rounds) / nginx, median(rounds) / spring, rounds.getLast().p50(),
				rounds.getLast().p99(), rounds.stream().mapToLong(Measured::failed).sum()));
	}

	private static double median(List<Measured> rounds) {
		double[] sorted = rounds.stream().mapToDouble(Measured::rate).sorted().toArray();
		return sorted[sorted.length / 2];
	}

	private static final Pattern RATE = Pattern.compile("Requests/sec: *([0-9.]+)");

	private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");

	private static Measured wrk(String url, int seconds) throws Exception {
		Process wrk = new ProcessBuilder("wrk", "-t", "2", "-c", "64", "-d", seconds + "s", "--latency", "-H", "X-Access-Token: " + KEY,
				url)
			.redirectErrorStream(true)
			.start();
		String told = new String(wrk.getInputStream().readAllBytes());
		wrk.waitFor();
		Matcher failed = FAILED.matcher(told);
		return new Measured(number(RATE, told), percentile("50", told), percentile("99", told), failed.find() ? Long.parseLong(failed.group(1)) : 0);
	}

	private static double number(Pattern pattern, String told) {
		Matcher matcher = pattern.matcher(told);
		if (!matcher.find()) {
			throw new IllegalStateException(told);
		}
		return Double.parseDouble(matcher.group(1));
	}

	private static double percentile(String which, String told) {
		Matcher matcher = Pattern.compile(which + "% +([0-9.]+)(us|ms|s)").matcher(told);
		if (!matcher.find()) {
			return Double.NaN;
		}
		return Double.parseDouble(matcher.group(1)) * switch (matcher.group(2)) {
			case "us" -> 0.001;
			case "ms" -> 1;
			default -> 1000;
		};
	}

	/** Each request begins at its own time, whether those before have ended or not. */
	private void latency(String direct, String through) throws Exception {
		System.out.println("\n| 500 requests/s for " + SECONDS + " s | p50 | p99 |\n|---|---|---|");
		double[] without = paced(direct);
		double[] with = paced(through);
		System.out.printf(Locale.ROOT, "| direct | %.2f ms | %.2f ms |%n| through the gateway | %.2f ms | %.2f ms |%n| added | %.2f ms | %.2f ms |%n", without[0], without[1],
				with[0], with[1], with[0] - without[0], with[1] - without[1]);
	}

	private double[] paced(String url) throws Exception {
		int count = 500 * SECONDS;
		long[] times = new long[count];
		CountDownLatch open = new CountDownLatch(count);
		HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("X-Access-Token", KEY).build();
		long start = System.nanoTime();
		for (int i = 0; i < count; i++) {
			int which = i;
			long due = start + i * 2_000_000L;
			TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
			this.http.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, failure) -> {
				times[which] = (failure == null && answer.statusCode() == 200) ? System.nanoTime() - due : Long.MAX_VALUE / 2;
				open.countDown();
			});
		}
		open.await(30, TimeUnit.SECONDS);
		Arrays.sort(times);
		return new double[] { times[count / 2] / 1e6, times[count * 99 / 100] / 1e6 };
	}

	private static void seed(EmbeddedPostgres postgres) throws Exception {
		try (Connection database = postgres.getPostgresDatabase().getConnection();
				Statement sql = database.createStatement()) {
			sql.execute("""
					insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                          send_deadline, state, due_at, final_at)
					select lpad(to_hex(i), 24, '0'), 'main', 'shop', 'internet', 'r' || i, 'up' || i, 'ADSL', '036362608', 1000, now(),
					       case i when 1 then 'QUEUED' else 'REFUNDED' end, now() + interval '1 day', case i when 2 then now() end
					from generate_series(1, 2) i""");
			sql.execute("""
					insert into orders_event (order_id, caller, number, state, status)
					select id, caller, 1, state, state from orders_order""");
		}
	}

	private Process spring(int port, int upstream) throws IOException {
		return new ProcessBuilder(Gateway.java(), "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx256m", "-jar", "src/bench/peer/target/peer.jar",
				"--server.port=" + port, "--upstream=http://127.0.0.1:" + upstream)
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("spring.log").toFile())
			.start();
	}

	/** Stands in for the upstream on one port and proxies to that on another. */
	private Process nginx(int upstream, int proxy, int plain) throws Exception {
		StringBuilder locations = new StringBuilder();
		try (UpstreamSimulator simulator = UpstreamSimulator.start()) {
			simulator.account(KEY).deposit(new BigDecimal("1000000"));
			for (String path : List.of("/v3/validate", PRODUCTS, BALANCE, PASSED, "/v3/ping", "/v3/internet/list", "/v3/mobile/list")) {
				HttpResponse<String> answer = this.http.send(HttpRequest.newBuilder(simulator.baseUrl().resolve(path)).header("X-Access-Token", KEY).build(),
						BodyHandlers.ofString());
				locations.append("    location = %s { default_type application/json; return 200 '%s'; }%n".formatted(path.replaceAll("[?].*", ""),
						answer.body().replace("'", "\\'")));
			}
		}
		Path configuration = this.directory.resolve("nginx.conf");
		Files.writeString(configuration, """
				daemon off;
				worker_processes 2;
				error_log %1$s/error.log;
				pid %1$s/nginx.pid;
				events { worker_connections 4096; }
				http {
				  access_log %1$s/nginx-access.log;
				  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s; scgi_temp_path %1$s;
				  keepalive_requests 100000000;
				  upstream origin { server 127.0.0.1:%2$d; keepalive 64; keepalive_requests 100000000; }
				  server {
				    listen 127.0.0.1:%2$d;
				    access_log off;
				%4$s  }
				  server {
				    listen 127.0.0.1:%3$d;
				    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }
				  }
				  server {
				    listen 127.0.0.1:%5$d;
				    location / { proxy_pass http://127.0.0.1:%2$d; }
				  }
				}
				""".formatted(this.directory, upstream, proxy, locations, plain));
		return new ProcessBuilder("nginx", "-c", configuration.toString(), "-e", this.directory + "/error.log").inheritIO().start();
	}

}
