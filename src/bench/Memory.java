import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * What the gateway holds idle, and with a hundred thousand orders that wait for the
 * upstream's word: they live in the database. The upstream knows none of them, so each
 * look costs the most. Prints a table in Markdown. Other flags, to compare collectors:
 * {@code -Dflags="-XX:+UseG1GC -Xmx512m"}.
 */
final class Memory {

	private static final int ORDERS = Integer.getInteger("orders", 100_000);

	private static final String FLAGS = System.getProperty("flags",
			"@src/image/jvm.options -Xms512m -Xmx512m");

	private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("idle", 60));

	private static final Duration FOLLOWED = Duration.ofSeconds(Integer.getInteger("followed", 120));

	private final List<String> rows = new ArrayList<>();

	public static void main(String[] arguments) throws Exception {
		new Memory().run();
		System.exit(0);
	}

	private void run() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
				UpstreamSimulator upstream = UpstreamSimulator.start()) {
			GatewaySettings settings = new GatewaySettings().database(postgres)
				.upstream(upstream.baseUrl(), "sim-key-1")
				.caller("shop", "shop-key");
			try (Gateway gateway = Gateway.start(settings, FLAGS.split(" "));
					Connection database = postgres.getPostgresDatabase().getConnection();
					Statement sql = database.createStatement()) {
				Process process = gateway.process();
				Thread.sleep(IDLE);
				row("idle for " + IDLE.toSeconds() + " s", process);
				long empty = live(process);
				row("after a collection", process);
				fill(sql);
				int before = upstream.requests().all().size();
				Thread.sleep(FOLLOWED);
				row("%,d orders followed for %d s, %d calls".formatted(ORDERS, FOLLOWED.toSeconds(),
						upstream.requests().all().size() - before), process);
				long full = live(process);
				row("after a collection", process);
				print(empty, full);
			}
		}
	}

	private void row(String when, Process process) throws Exception {
		this.rows.add("| %s | %d MB |".formatted(when, Measured.of(process).resident() / 1024));
	}

	private static void fill(Statement sql) throws Exception {
		sql.execute("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, upstream_id, product, number, value,
				                          send_deadline, state, accepted_at, sent_at, first_sent_at, sends)
				select lpad(to_hex(i), 24, '0'), 'main', 'shop', 'internet', 'r' || i, 'up' || i, lpad(to_hex(i), 24, '0'),
				       'ADSL', '036362608', 1000, now(), 'QUEUED', at, at, at, 1
				from (select i, now() - i * interval '48 hours' / %1$d as at from generate_series(1, %1$d) i) made"""
			.formatted(ORDERS));
		sql.execute("""
				insert into orders_event (order_id, caller, number, state, status)
				select id, caller, 1, 'QUEUED', 'QUEUED' from orders_order""");
		sql.execute("analyze");
	}

	/** Bytes of objects that are reachable: the histogram collects the others before. */
	private static long live(Process process) throws Exception {
		jcmd(process, "GC.run");
		String histogram = jcmd(process, "GC.class_histogram");
		String total = histogram.lines().filter((line) -> line.startsWith("Total")).findFirst().orElseThrow();
		return Long.parseLong(total.trim().split("\\s+")[2]);
	}

	private static String jcmd(Process process, String command) throws Exception {
		String jcmd = Gateway.java().replaceAll("java$", "jcmd");
		Process asked = new ProcessBuilder(jcmd, Long.toString(process.pid()), command).redirectErrorStream(true).start();
		String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		asked.waitFor();
		return answer;
	}

	private void print(long empty, long full) {
		System.out.println("\nJVM: " + FLAGS + "\n\n| | Flexy Gateway |\n|---|---|\n" + String.join("\n", this.rows));
		System.out.printf(Locale.ROOT, "| live heap | %.1f MB, then %.1f MB: %d bytes an open order |%n", empty / 1e6,
				full / 1e6, (full - empty) / ORDERS);
	}

}
