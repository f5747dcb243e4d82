import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Ten thousand streams on one gateway, and on nginx with nchan, with the reader on the same
 * machine. Prints a table in Markdown. Changes are committed as another replica commits them:
 * a row in the log, then one NOTIFY.
 */
final class Streams {

	/** See docs/performance.md. */
	private static final String FLAGS = "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xms512m -Xmx512m -Xmn96m "
			+ "-XX:MaxDirectMemorySize=128m";

	private static final int STREAMS = Integer.getInteger("streams", 10_000);

	private static final int ORDERS = STREAMS / 10;

	private static final int ROUNDS = 30;

	private static final Duration SETTLING = Duration.ofSeconds(3);

	private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("idle", 45));

	/** As long as an event of the gateway. */
	private static final String MESSAGE = "x".repeat(300);

	private final Path directory = Files.createTempDirectory("streams");

	private final HttpClient http = HttpClient.newHttpClient();

	private final List<String> gateway = new Told("gateway");

	private final List<String> nginx = new Told("nginx");

	private Streams() throws IOException {
	}

	public static void main(String[] arguments) throws Exception {
		new Streams().run();
	}

	private void run() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
				UpstreamSimulator upstream = UpstreamSimulator.start()) {
			gateway(postgres, upstream);
		}
		if (!Boolean.getBoolean("alone") && Files.exists(Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so"))) {
			nginx();
		}
		print();
		System.exit(0);
	}

	private void gateway(EmbeddedPostgres postgres, UpstreamSimulator upstream) throws Exception {
		int port = freePort();
		int management = freePort();
		Process process = launch(postgres, upstream, port, management);
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		try (Connection database = postgres.getPostgresDatabase().getConnection();
				Statement sql = database.createStatement()) {
			ready(process, management);
			sql.execute("""
					insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                          send_deadline, state, due_at)
					select lpad(to_hex(i), 24, '0'), 'main', 'shop', 'internet', 'r' || i, 'up' || i, 'ADSL',
					       '036362608', 1000, now(), 'QUEUED', now() + interval '1 day'
					from generate_series(0, %d) i""".formatted(ORDERS - 1));
			sql.execute("""
					insert into orders_event (order_id, caller, number, state, status)
					select id, caller, 1, 'QUEUED', 'QUEUED' from orders_order""");
			sql.execute("analyze");
			InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
			Measured measured = Measured.of(process);
			warm(address, sql);
			collect(process);
			long empty = measured.resident();
			double nothing = measured.cpu(Duration.ofSeconds(10));
			try (Readers readers = new Readers(address)) {
				Duration opening = readers.open(STREAMS, (i) -> request(i % ORDERS), FIRST);
				this.gateway.add(STREAMS + " streams opened in " + seconds(opening));
				Thread.sleep(SETTLING);
				long raw = measured.resident();
				collect(process);
				histogram(process);
				this.gateway.add("%.1f".formatted((double) (measured.resident() - empty) / STREAMS) + " kB (before a collection "
						+ "%.1f".formatted((double) (raw - empty) / STREAMS) + "; in all " + empty / 1024 + " -> " + measured.resident() / 1024 + " MB)");
				this.gateway.add("%.1f %% of a core (without streams %.1f)".formatted(measured.cpu(IDLE), nothing));
				many(readers, (order) -> commit(sql, order));
			}
			Thread.sleep(SETTLING);
			try (Readers readers = new Readers(address)) {
				readers.open(STREAMS, (i) -> request(0), FIRST);
				one(readers, () -> commit(sql, 0), this.gateway);
				stop(process, readers);
			}
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** At least an event's bytes: head and greeting alone are shorter. */
	private static final int FIRST = 500;

	private void warm(InetSocketAddress address, Statement sql) throws Exception {
		try (Readers readers = new Readers(address)) {
			readers.open(500, (i) -> request(i % ORDERS), FIRST);
			for (int i = 0; i < 100; i++) {
				commit(sql, i);
			}
		}
		Thread.sleep(SETTLING);
	}

	/** Each order changes once, a hundred orders a second, three times over. */
	private void many(Readers readers, Change change) throws Exception {
		this.gateway.add(many(readers, change, 3));
	}

	private static String many(Readers readers, Change change, int times) throws Exception {
		readers.latencies();
		for (int i = 0; i < times * ORDERS; i++) {
			long begun = System.nanoTime();
			int order = i % ORDERS;
			readers.expect(order, STREAMS, ORDERS, begun);
			change.commit(order);
			long rest = Duration.ofMillis(10).toNanos() - (System.nanoTime() - begun);
			TimeUnit.NANOSECONDS.sleep(Math.max(0, rest));
		}
		readers.await();
		return percentiles(readers);
	}

	private static void one(Readers readers, Commit commit, List<String> to) throws Exception {
		readers.latencies();
		for (int i = 0; i < ROUNDS; i++) {
			readers.expect(0, STREAMS, 1, System.nanoTime());
			commit.run();
			readers.await();
			Thread.sleep(500);
		}
		to.add(percentiles(readers));
	}

	private void stop(Process process, Readers readers) throws Exception {
		long begun = System.nanoTime();
		process.destroy();
		process.waitFor();
		Duration gone = Duration.ofNanos(System.nanoTime() - begun);
		Thread.sleep(SETTLING);
		this.gateway.add(seconds(gone) + ", " + readers.ended() + " streams ended");
	}

	private static void commit(Statement sql, int order) throws Exception {
		sql.execute("""
				with moved as (
				  update orders_order set changes = changes + 1, version = version + 1
				  where id = lpad(to_hex(%d), 24, '0') returning *)
				insert into orders_event (order_id, caller, number, state, status)
				select id, caller, changes, 'QUEUED', 'QUEUED' from moved""".formatted(order));
		sql.execute("notify \"flexy_orders.changed\"");
	}

	private static String request(int order) {
		return "GET /orders/%024x/events HTTP/1.1\r\nHost: gateway\r\nX-Access-Token: shop-key\r\n\r\n"
			.formatted(order);
	}

	private Process launch(EmbeddedPostgres postgres, UpstreamSimulator upstream, int port, int management)
			throws IOException {
		Map<String, Object> settings = new GatewaySettings().database(postgres)
			.upstream(upstream.baseUrl(), "sim-key-1")
			.caller("shop", "shop-key")
			.set("gateway.callers.shop.limit", 1_000_000)
			.set("server.port", port)
			.set("management.server.port", management)
			.asMap();
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(List.of(flags().split(" ")));
		command.addAll(List.of("-jar", "target/flexy-gateway.jar"));
		settings.forEach((name, value) -> command.add("--" + name + "=" + value));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("gateway.log").toFile())
			.start();
	}

	private static String flags() {
		return System.getenv().getOrDefault("STREAMS_JVM", FLAGS);
	}

	private void ready(Process process, int management) throws Exception {
		HttpRequest probe = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + management + "/actuator/health/readiness"))
			.build();
		for (int i = 0; i < 600; i++) {
			try {
				if (this.http.send(probe, BodyHandlers.ofString()).statusCode() == 200) {
					return;
				}
			}
			catch (IOException notYet) {
				// Asked again.
			}
			if (!process.isAlive()) {
				throw new IllegalStateException(Files.readString(this.directory.resolve("gateway.log")));
			}
			Thread.sleep(100);
		}
		throw new IllegalStateException("not ready");
	}

	/** Has the process collect its garbage, and waits a little. */
	private static void collect(Process process) throws Exception {
		new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process.pid(),
				"GC.run")
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		Thread.sleep(SETTLING);
	}

	/** To see what the memory holds: -Dhistogram=file. */
	private static void histogram(Process process) throws Exception {
		String file = System.getProperty("histogram");
		if (file != null) {
			new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process.pid(),
					"GC.class_histogram")
				.redirectOutput(Path.of(file).toFile())
				.start()
				.waitFor();
		}
	}

	private void nginx() throws Exception {
		int port = freePort();
		Path configuration = this.directory.resolve("nginx.conf");
		Files.writeString(configuration, """
				load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
				daemon off;
				worker_processes 2;
				worker_rlimit_nofile 20000;
				error_log %1$s/error.log;
				pid %1$s/nginx.pid;
				events { worker_connections 15000; }
				http {
				  access_log off;
				  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s; uwsgi_temp_path %1$s;
				  scgi_temp_path %1$s;
				  nchan_shared_memory_size 128M;
				  server {
				    listen 127.0.0.1:%2$d backlog=1024;
				    location ~ ^/sub/(\\w+)$ { nchan_subscriber eventsource; nchan_channel_id $1; nchan_subscriber_first_message newest; nchan_eventsource_ping_interval 15; }
				    location ~ ^/pub/(\\w+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 1; }
				  }
				}
				""".formatted(this.directory, port));
		Process process = new ProcessBuilder("nginx", "-c", configuration.toString(), "-e", this.directory + "/error.log").inheritIO().start();
		try {
			Thread.sleep(SETTLING);
			Measured measured = new Measured(
					Stream.concat(Stream.of(process.pid()), process.descendants().map(ProcessHandle::pid))
						.toList());
			InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
			long empty = measured.memory();
			double nothing = measured.cpu(Duration.ofSeconds(10));
			try (Readers readers = new Readers(address)) {
				Duration opening = readers.open(STREAMS, (i) -> subscription("c" + i % ORDERS), 1);
				this.nginx.add(STREAMS + " streams opened in " + seconds(opening));
				Thread.sleep(SETTLING);
				this.nginx.add("%.1f".formatted((double) (measured.memory() - empty) / STREAMS) + " kB (in all " + empty / 1024 + " -> "
						+ measured.memory() / 1024 + " MB)");
				this.nginx.add("%.1f %% of a core (without streams %.1f)".formatted(measured.cpu(IDLE), nothing));
				this.nginx.add(many(readers, (channel) -> publish(port, "c" + channel), 3));
			}
			Thread.sleep(SETTLING);
			try (Readers readers = new Readers(address)) {
				readers.open(STREAMS, (i) -> subscription("all"), 1);
				one(readers, () -> publish(port, "all"), this.nginx);
			}
			this.nginx.add("-");
		}
		finally {
			process.destroy();
			process.waitFor();
		}
	}

	private static String subscription(String channel) {
		return "GET /sub/%s HTTP/1.1\r\nHost: nginx\r\nAccept: text/event-stream\r\n\r\n".formatted(channel);
	}

	private void publish(int port, String channel) throws Exception {
		HttpRequest message = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/pub/" + channel))
			.version(HttpClient.Version.HTTP_1_1)
			.POST(HttpRequest.BodyPublishers.ofString(MESSAGE))
			.build();
		int status = this.http.send(message, BodyHandlers.discarding()).statusCode();
		if (status >= 300) {
			throw new IllegalStateException("publishing answered " + status);
		}
	}

	private static String percentiles(Readers readers) {
		long missing = readers.missing();
		long[] sorted = readers.latencies();
		return "p50 %.0f ms, p99 %.0f ms, longest %.0f ms; %d frames, %d missing".formatted(at(sorted, 0.5), at(sorted, 0.99),
				at(sorted, 1), sorted.length, missing);
	}

	private static double at(long[] sorted, double part) {
		return sorted[(int) Math.min(sorted.length - 1, Math.round(part * sorted.length))] / 1e6;
	}

	private void print() {
		List<String> rows = List.of("connections", "resident memory a stream", "heartbeats of " + STREAMS + " idle streams",
				ORDERS + " orders of 10 watchers, 100 changes a second", "one order of " + STREAMS + " watchers, from commit to frame read",
				"gone after SIGTERM");
		System.out.println("\nJVM: " + flags() + "\n\n| | Flexy Gateway | nginx with nchan |\n|---|---|---|");
		for (int i = 0; i < rows.size(); i++) {
			System.out.printf(Locale.ROOT, "| %s | %s | %s |%n", rows.get(i), i < this.gateway.size() ? this.gateway.get(i) : "",
					i < this.nginx.size() ? this.nginx.get(i) : "not installed");
		}
	}

	private static String seconds(Duration time) {
		return "%.1f s".formatted(time.toMillis() / 1000.0);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/** Says each result at once. */
	private static final class Told extends ArrayList<String> {

		private final String who;

		Told(String who) {
			this.who = who;
		}

		@Override
		public boolean add(String result) {
			System.out.println(this.who + ": " + result);
			return super.add(result);
		}

	}

	/** Makes an order change. */
	private interface Change {

		void commit(int order) throws Exception;

	}

	/** Makes a change. */
	private interface Commit {

		void run() throws Exception;

	}

}
