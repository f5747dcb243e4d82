import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Orders accepted a second with {@code Prefer: respond-async}, row and event committed, beside
 * pgbench that commits the same two rows in the same database, 16 clients, in turn; only
 * their account is another, so that nobody sends them.
 */
final class Accepting {

	private static final int SECONDS = Integer.getInteger("seconds", 10);

	private static final int ROUNDS = Integer.getInteger("rounds", 3);

	private static final int RATE = 300;

	private static final String KEY = "sim-key-1";

	/** Each request of its own ref, as a caller that may have to repeat one sends it. */
	private static final String SCRIPT = """
			local thread = 0
			function setup(t) t:set("id", thread); thread = thread + 1 end
			local n = 0
			function request()
			  n = n + 1
			  return wrk.format("POST", nil, nil, string.format(
			    '{"type":"ADSL","number":"036362608","value":1000,"ref":"%%s-%%d-%%d"}', "%s", id, n))
			end
			""";

	private static final String TWO_INSERTS = """
			begin;
			with accepted as (
			  insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
			                            send_deadline, state, answer, weight)
			  select substr(id, 1, 24), 'bench', 'bench', 'internet', id, id, 'ADSL', '036362608', 1000,
			         now() + interval '1 day', 'ACCEPTED', 'ACCEPTED', 1
			  from (select md5(random()::text || clock_timestamp()::text) as id) given
			  returning id
			)
			insert into orders_event (order_id, caller, number, state, status)
			select id, 'bench', 1, 'ACCEPTED', 'HANDLING' from accepted;
			commit;
			""";

	private final Path directory = Files.createTempDirectory("accepting");

	private Accepting() throws Exception {
	}

	public static void main(String[] arguments) throws Exception {
		new Accepting().run();
		System.exit(0);
	}

	private void run() throws Exception {
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("max_wal_size", "4GB")
			.start(); UpstreamSimulator upstream = UpstreamSimulator.start()) {
			upstream.account(KEY).deposit(new BigDecimal("1000000000"));
			try (Gateway gateway = Gateway.start(new GatewaySettings().database(postgres)
				.upstream(upstream.baseUrl(), KEY)
				.caller("shop", KEY)
				.set("gateway.callers.shop.limit", 100_000_000)
				.set("gateway.callers.shop.send-deadline", "90d")
				.set("logging.file.name", this.directory.resolve("access.log")))) {
				URI send = gateway.uri().resolve("/v3/internet/send");
				flood(send, "warm", 4 * SECONDS);
				pgbench(postgres, SECONDS);
				List<Double> accepted = new ArrayList<>();
				List<Double> committed = new ArrayList<>();
				String last = "";
				for (int round = 0; round < ROUNDS; round++) {
					long before = rows(postgres);
					last = flood(send, "r" + round, SECONDS);
					accepted.add((double) (rows(postgres) - before) / SECONDS);
					committed.add(pgbench(postgres, SECONDS));
				}
				double gatewayRate = median(accepted);
				double pgbenchRate = median(committed);
				double[] paced = paced(send);
				System.out.printf(Locale.ROOT, """

						| %d rounds of %d s in turn, 16 connections each | a second (median) | x pgbench |
						|---|---|---|
						| pgbench, the same two rows | %.0f transactions | 1.00 |
						| orders accepted with respond-async | %.0f | %.2f |

						%s
						At %d a second: p50 %.1f ms, p99 %.1f ms, longest %.1f ms, not 202: %.0f
						""", ROUNDS, SECONDS, pgbenchRate, gatewayRate, gatewayRate / pgbenchRate, last, RATE, paced[0],
						paced[1], paced[2], paced[3]);
			}
		}
	}

	private static double median(List<Double> rounds) {
		return rounds.stream().sorted().toList().get(rounds.size() / 2);
	}

	private String flood(URI send, String prefix, int seconds) throws Exception {
		Path script = Files.writeString(this.directory.resolve("send.lua"), SCRIPT.formatted(prefix));
		Process wrk = new ProcessBuilder("wrk", "-t", "2", "-c", "16", "-d", seconds + "s", "--latency", "-s",
				script.toString(), "-H", "X-Access-Token: " + KEY, "-H", "Prefer: respond-async", "-H",
				"Content-Type: application/json", send.toString())
			.redirectErrorStream(true)
			.start();
		String told = new String(wrk.getInputStream().readAllBytes());
		wrk.waitFor();
		return told.lines().filter((line) -> line.matches(".*(50%|99%|Requests/sec|Non-2xx).*")).map(String::strip).reduce("wrk:", (a, b) -> a + " " + b);
	}

	private double pgbench(EmbeddedPostgres postgres, int seconds) throws Exception {
		Path script = Files.writeString(this.directory.resolve("two.sql"), TWO_INSERTS);
		Process pgbench = new ProcessBuilder("pgbench", "-h", "localhost", "-p", "" + postgres.getPort(), "-U", "postgres",
				"-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", "" + seconds, "-f", script.toString(), "postgres")
			.redirectErrorStream(true)
			.start();
		String told = new String(pgbench.getInputStream().readAllBytes());
		pgbench.waitFor();
		Matcher tps = Pattern.compile("tps = ([0-9.]+)").matcher(told);
		if (!tps.find()) {
			throw new IllegalStateException(told);
		}
		return Double.parseDouble(tps.group(1));
	}

	private static long rows(EmbeddedPostgres postgres) throws Exception {
		try (Connection database = postgres.getPostgresDatabase().getConnection();
				Statement sql = database.createStatement();
				ResultSet count = sql.executeQuery("""
						select count(*) from orders_order o join orders_event e on e.order_id = o.id
						where o.caller = 'shop' and e.number = 1""")) {
			count.next();
			return count.getLong(1);
		}
	}

	/** Each request begins at its own time, whether those before have ended or not. */
	private double[] paced(URI send) throws Exception {
		int count = RATE * SECONDS;
		long[] times = new long[count];
		CountDownLatch open = new CountDownLatch(count);
		try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				int which = i;
				long due = start + i * (1_000_000_000L / RATE);
				TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
				HttpRequest request = HttpRequest.newBuilder(send)
					.header("X-Access-Token", KEY)
					.header("Prefer", "respond-async")
					.header("Content-Type", "application/json")
					.POST(BodyPublishers.ofString(
							"{\"type\":\"ADSL\",\"number\":\"036362608\",\"value\":1000,\"ref\":\"paced-%d\"}".formatted(i)))
					.build();
				http.sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, failure) -> {
					times[which] = (failure == null && answer.statusCode() == 202) ? System.nanoTime() - due
							: Long.MAX_VALUE;
					open.countDown();
				});
			}
			open.await(30, TimeUnit.SECONDS);
		}
		long refused = Arrays.stream(times).filter((time) -> time == Long.MAX_VALUE).count();
		Arrays.sort(times);
		return new double[] { times[count / 2] / 1e6, times[count * 99 / 100] / 1e6, times[count - 1] / 1e6, refused };
	}

}
