import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.Quirk;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Orders a minute from one key of 120 calls a minute, by the documented client flow:
 * check-number, products, balance, send, check-id every five seconds. The same client runs on
 * the upstream directly and on the gateway, every case at the same time with an upstream, a
 * database and a process of its own: the budget is the limit here, not the machine.
 */
final class Orders {

	private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warm-up", 120));

	private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("measured", 300));

	private static final Duration POLL = Duration.ofSeconds(5);

	private record Case(String name, boolean direct, boolean known, boolean codes, int workers) {
	}

	private static final List<Case> CASES = List.of(new Case("direct, new numbers", true, false, false, 60),
			new Case("direct, known numbers", true, true, false, 60), new Case("new numbers", false, false, false, 60),
			new Case("known numbers", false, true, false, 60),
			new Case("new numbers, codes in list rows", false, false, true, 60),
			new Case("known numbers, codes in list rows", false, true, true, 60),
			new Case("new numbers, 20 workers", false, false, false, 20),
			new Case("known numbers, 20 workers", false, true, false, 20));

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	public static void main(String[] arguments) throws Exception {
		new Orders().run();
		System.exit(0);
	}

	private void run() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
			List<Running> running = new ArrayList<>();
			for (Case one : CASES) {
				if (one.name().matches(System.getProperty("only", ".*"))) {
					running.add(new Running(one, postgres));
				}
			}
			running.forEach(Running::begin);
			Thread.sleep(WARM_UP);
			running.forEach(Running::mark);
			Thread.sleep(MEASURED);
			System.out.println("\n| Client flow | orders a minute | upstream calls an order | 429 seen by the client | 429 by the upstream | order, p50 / p95 |");
			System.out.println("|---|---|---|---|---|---|");
			running.forEach(Running::print);
			running.forEach(Running::printRoutes);
			for (Running one : running) {
				one.close();
			}
		}
	}

	/** One case, its upstream and its gateway. */
	private final class Running {

		private final Case which;

		private final UpstreamSimulator upstream = UpstreamSimulator.start();

		private final Gateway gateway;

		private final URI target;

		private final AtomicInteger done = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final AtomicInteger limited = new AtomicInteger();

		private final Map<String, AtomicInteger> answers = new java.util.concurrent.ConcurrentSkipListMap<>();

		private final AtomicLong names = new AtomicLong();

		private final List<Long> times = java.util.Collections.synchronizedList(new ArrayList<>());

		private volatile boolean over;

		private Instant marked = Instant.now();

		private int doneBefore;

		private final EmbeddedPostgres postgres;

		private long commitsBefore;

		Running(Case which, EmbeddedPostgres postgres) throws Exception {
			this.which = which;
			this.postgres = postgres;
			this.upstream.account("sim-key-1").deposit(new BigDecimal("100000000"));
			if (which.codes()) {
				this.upstream.drift().on(Quirk.LIST_ROWS_WITH_CARD);
			}
			this.gateway = which.direct() ? null : start(postgres);
			this.target = which.direct() ? this.upstream.baseUrl() : this.gateway.uri();
		}

		private Gateway start(EmbeddedPostgres postgres) throws Exception {
			String name = database();
			try (Connection database = postgres.getPostgresDatabase().getConnection();
					Statement sql = database.createStatement()) {
				sql.execute("create database " + name);
			}
			return Gateway.start(new GatewaySettings()
				.database("r2dbc:postgresql://localhost:" + postgres.getPort() + "/" + name)
				.upstream(this.upstream.baseUrl(), "sim-key-1")
				.caller("shop", "sim-key-1"));
		}

		private String database() {
			return "orders_" + CASES.indexOf(this.which);
		}

		/** What the gateway has committed so far, reads included. */
		private long commits() {
			try (Connection database = this.postgres.getPostgresDatabase().getConnection();
					Statement sql = database.createStatement();
					ResultSet found = sql
						.executeQuery("select xact_commit from pg_stat_database where datname = '" + database() + "'")) {
				return found.next() ? found.getLong(1) : 0;
			}
			catch (SQLException failure) {
				throw new IllegalStateException(failure);
			}
		}

		void begin() {
			for (int i = 0; i < this.which.workers(); i++) {
				int worker = i;
				Thread.ofVirtual().start(() -> work(worker));
			}
		}

		private void work(int worker) {
			while (!this.over) {
				try {
					order(worker);
				}
				catch (IOException failure) {
					this.failed.incrementAndGet();
				}
				catch (InterruptedException ended) {
					return;
				}
			}
		}

		private void order(int worker) throws IOException, InterruptedException {
			long begun = System.nanoTime();
			String number = number(worker);
			String ref = "b" + this.names.incrementAndGet();
			ask("/v3/internet/check-number?type=ADSL&number=" + number, null);
			ask("/v3/internet/products?type=ADSL", null);
			ask("/v3/account/balance", null);
			String body = ask("/v3/internet/send",
					"{\"type\":\"ADSL\",\"number\":\"%s\",\"value\":1000,\"ref\":\"%s\"}".formatted(number, ref));
			String id = field(body, "topupId");
			while (!this.over) {
				Thread.sleep(POLL);
				String status = field(ask("/v3/internet/check-id/" + id, null), "status");
				if (status.equals("FULFILLED")) {
					this.done.incrementAndGet();
					this.times.add(System.nanoTime() - begun);
					return;
				}
				if (status.equals("REFUNDED")) {
					this.failed.incrementAndGet();
					return;
				}
			}
		}

		/** Settles in 3 to 45 seconds, by its last two digits. */
		private String number(int worker) {
			ThreadLocalRandom random = ThreadLocalRandom.current();
			return this.which.known() ? "0310000%02d".formatted(worker)
					: "03%05d%02d".formatted(random.nextInt(20_000, 100_000), random.nextInt(78));
		}

		/** Repeats what is refused for the moment, when it is told to. */
		private String ask(String path, String body) throws IOException, InterruptedException {
			while (true) {
				HttpRequest.Builder request = HttpRequest.newBuilder(this.target.resolve(path))
					.header("X-Access-Token", "sim-key-1")
					.timeout(Duration.ofMinutes(2));
				if (body != null) {
					request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
				}
				HttpResponse<String> answer = Orders.this.http.send(request.build(), BodyHandlers.ofString());
				if (answer.statusCode() == 200) {
					return answer.body();
				}
				count(path, answer);
				if (answer.statusCode() != 429 && answer.statusCode() != 503) {
					throw new IOException(answer.statusCode() + " " + answer.body());
				}
				if (answer.statusCode() == 429) {
					this.limited.incrementAndGet();
				}
				Thread.sleep(Duration.ofSeconds(answer.headers().firstValue("Retry-After").map(Integer::parseInt).orElse(1)));
			}
		}

		private void count(String path, HttpResponse<String> answer) {
			String route = path.replaceAll("[?].*|[0-9a-f]{24}", "");
			this.answers.computeIfAbsent(route + " " + answer.statusCode() + " " + field(answer.body(), "code"),
					(key) -> new AtomicInteger())
				.incrementAndGet();
		}

		void mark() {
			this.marked = Instant.now();
			this.doneBefore = this.done.get();
			this.commitsBefore = commits();
			this.limited.set(0);
			this.times.clear();
		}

		void print() {
			double minutes = Duration.between(this.marked, Instant.now()).toMillis() / 60_000.0;
			int orders = this.done.get() - this.doneBefore;
			List<ReceivedRequest> calls = this.upstream.requests().where((call) -> call.at().isAfter(this.marked));
			long refused = calls.stream().filter((call) -> call.status() == 429).count();
			long[] sorted = List.copyOf(this.times).stream().mapToLong(Long::longValue).sorted().toArray();
			System.out.printf(Locale.ROOT, "| %s | %.1f | %.2f | %d | %d | %.0f s / %.0f s |%n", this.which.name(),
					orders / minutes, (double) calls.size() / Math.max(1, orders), this.limited.get(), refused,
					at(sorted, 0.5), at(sorted, 0.95));
		}

		void printRoutes() {
			double minutes = Duration.between(this.marked, Instant.now()).toMillis() / 60_000.0;
			Map<String, Integer> routes = new TreeMap<>();
			this.upstream.requests()
				.where((call) -> call.at().isAfter(this.marked))
				.forEach((call) -> routes.merge(call.template().substring(call.template().lastIndexOf("v3/") + 3), 1, Integer::sum));
			StringBuilder line = new StringBuilder();
			routes.forEach((route, count) -> line.append(" %s %.1f".formatted(route, count / minutes)));
			System.out.println("\n" + this.which.name() + ", calls a minute:" + line + "; %.0f commits and reads of the database a minute".formatted((commits() - this.commitsBefore) / minutes) + "; refused " + this.answers + "; failed " + this.failed);
		}

		void close() throws Exception {
			this.over = true;
			if (this.gateway != null) {
				this.gateway.close();
			}
			this.upstream.close();
		}

	}

	private static double at(long[] sorted, double part) {
		return (sorted.length == 0) ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.round(part * sorted.length))] / 1e9;
	}

	private static String field(String json, String name) {
		int at = json.indexOf("\"" + name + "\":\"");
		return (at < 0) ? "" : json.substring(at + name.length() + 4, json.indexOf('"', at + name.length() + 4));
	}

}
