package dz.flexy.gateway.stream;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.orders.Ledger;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.Selection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many transactions write at once, commit in another order than they began, or roll back;
 * readers on two replicas hang up and come back to the other one. Each sees what was
 * committed once, in the log's order.
 */
@Isolated("shows only what is older than any open transaction of the database server")
class ManyWritersTest {

	private static final int WRITERS = 5;

	private static final int TRANSACTIONS = 15;

	/** Of each writer. */
	private static final int ORDERS = 2;

	private static final String LAST = "REFUNDED";

	private static final Duration LIMIT = Duration.ofSeconds(60);

	@Property(tries = 2, shrinking = ShrinkingMode.OFF)
	void eachReaderSeesEachCommittedEventOnceAndInOrder(@ForAll long seed) throws Exception {
		Database database = Database.fresh();
		ConnectionPool connections = new ConnectionPool(
				ConnectionPoolConfiguration.builder(database.connections()).maxSize(20).build());
		List<Replica> replicas = Stream.generate(() -> new Replica(new Ledger(connections))).limit(2).toList();
		replicas.forEach((replica) -> replica.ledger().follow());
		ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
		try {
			Ledger ledger = replicas.getFirst().ledger();
			List<OrderId> orders = IntStream.range(0, WRITERS * ORDERS)
				.mapToObj((i) -> ledger.accept("r" + i).id())
				.toList();
			List<Future<List<Long>>> all = readers(threads, seed,
					(random) -> ofCaller(replicas, Optional.empty(), random));
			List<Future<List<Long>>> finals = readers(threads, seed,
					(random) -> ofCaller(replicas, Optional.of(true), random));
			List<Future<List<Long>>> singles = orders.stream()
				.map((order) -> threads.submit(() -> ofOrder(replicas, order, new Random(seed))))
				.toList();
			List<Future<Void>> writers = IntStream.range(0, WRITERS)
				.mapToObj((i) -> threads.submit((Callable<Void>) () -> {
					write(database, orders.subList(i * ORDERS, (i + 1) * ORDERS), new Random(seed + i));
					return null;
				}))
				.toList();

			for (Future<?> writer : writers) {
				done(writer);
			}
			for (Future<List<Long>> reader : all) {
				assertThat(done(reader)).isEqualTo(committed(database, "true"));
			}
			for (Future<List<Long>> reader : finals) {
				assertThat(done(reader)).isEqualTo(committed(database, "state in ('FULFILLED', 'REFUNDED')"));
			}
			for (Future<List<Long>> reader : singles) {
				assertThat(done(reader))
					.isEqualTo(IntStream.rangeClosed(1, done(reader).size()).asLongStream().boxed().toList());
			}
		}
		finally {
			threads.shutdownNow();
			replicas.forEach((replica) -> replica.ledger().unfollow());
			connections.dispose();
		}
	}

	/** One who misses an event waits for it until then. */
	private static <T> T done(Future<T> task) throws Exception {
		return task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
	}

	private static List<Future<List<Long>>> readers(ExecutorService threads, long seed, Reader reader) {
		return IntStream.range(0, 4)
			.mapToObj((i) -> threads.submit(() -> reader.read(new Random(seed * 31 + i))))
			.toList();
	}

	/** Until the last event of each order was told. */
	private static List<Long> ofCaller(List<Replica> replicas, Optional<Boolean> ending, Random random) {
		Selection wanted = new Selection(Optional.of(Ledger.SHOP), Optional.empty(), Optional.empty(), ending, false,
				false);
		List<Long> told = new ArrayList<>();
		long place = 0;
		int ended = 0;
		while (ended < WRITERS * ORDERS) {
			List<Frame> frames = replica(replicas, random).callers()
				.follow(wanted, new LastEventId.Seen(place))
				.take(1 + random.nextInt(20))
				.takeUntilOther(hangUp(random))
				.collectList()
				.blockOptional(LIMIT)
				.orElseThrow();
			for (Frame frame : frames) {
				place = id(frame);
				if (frame.isEvent()) {
					told.add(place);
					ended += frame.toString().contains("\"status\":\"" + LAST + "\"") ? 1 : 0;
				}
			}
		}
		return told;
	}

	private static List<Long> ofOrder(List<Replica> replicas, OrderId order, Random random) {
		List<Long> told = new ArrayList<>();
		boolean ended = false;
		while (!ended) {
			List<OrderEvent> events = replica(replicas, random).orders()
				.follow(order, told.size())
				.take(1 + random.nextInt(5))
				.takeUntilOther(hangUp(random))
				.collectList()
				.blockOptional(LIMIT)
				.orElseThrow();
			for (OrderEvent event : events) {
				told.add((long) event.number().orElseThrow());
				ended = event.status().equals(LAST);
			}
		}
		return told;
	}

	private static void write(Database database, List<OrderId> orders, Random random) throws SQLException {
		try (Connection connection = connect(database); Statement sql = connection.createStatement()) {
			connection.setAutoCommit(false);
			int[] numbers = new int[orders.size()];
			for (int i = 0; i < TRANSACTIONS; i++) {
				int[] next = numbers.clone();
				for (int j = random.nextInt(3); j >= 0; j--) {
					int which = random.nextInt(orders.size());
					String status = random.nextInt(4) == 0 ? "FULFILLED" : "QUEUED";
					sql.execute(event(orders.get(which), ++next[which], status));
					sql.execute("select pg_sleep(" + random.nextInt(15) / 1000.0 + ")");
				}
				if (random.nextInt(4) == 0) {
					connection.rollback();
				}
				else {
					connection.commit();
					numbers = next;
				}
			}
			for (int i = 0; i < numbers.length; i++) {
				sql.execute(event(orders.get(i), numbers[i] + 1, LAST));
			}
			connection.commit();
		}
	}

	/** Behind the order's acceptance, which has the number 1. */
	private static String event(OrderId order, int number, String status) {
		return "insert into orders_event (order_id, caller, number, state, status) values ('%s', '%s', %d, '%s', '%s')"
			.formatted(order, Ledger.SHOP, number + 1, status, status);
	}

	private static List<Long> committed(Database database, String condition) throws SQLException {
		List<Long> positions = new ArrayList<>();
		try (Connection connection = connect(database);
				Statement sql = connection.createStatement();
				ResultSet rows = sql
					.executeQuery("select position from orders_event where " + condition + " order by xid, position")) {
			while (rows.next()) {
				positions.add(rows.getLong(1));
			}
		}
		return positions;
	}

	private static Connection connect(Database database) throws SQLException {
		return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
	}

	private static Mono<Long> hangUp(Random random) {
		return Mono.delay(Duration.ofMillis(100 + random.nextInt(400)));
	}

	private static Replica replica(List<Replica> replicas, Random random) {
		return replicas.get(random.nextInt(replicas.size()));
	}

	private static long id(Frame frame) {
		return Long.parseLong(frame.toString().replaceAll("(?s).*?id: (\\d+)\n.*", "$1"));
	}

	/** Reads to the end. */
	private interface Reader {

		List<Long> read(Random random);

	}

	/** One replica's feeds. */
	private record Replica(Ledger ledger, CallerFeed callers, OrderFeed orders) {

		Replica(Ledger ledger) {
			this(ledger,
					new CallerFeed(ledger.live(), ledger.events(), new Log(), new Frames(JsonMapper.shared()),
							new StreamMeters(new SimpleMeterRegistry())),
					new OrderFeed(ledger.live(), ledger.events(), new Log()));
		}

	}

}
