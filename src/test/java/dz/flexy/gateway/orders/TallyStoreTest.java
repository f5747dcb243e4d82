package dz.flexy.gateway.orders;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

class TallyStoreTest {

	private static final Instant EIGHT = Instant.parse("2026-01-02T08:00:00Z");

	private static final Duration HOUR = Duration.ofHours(1);

	private final Database fresh = Database.fresh();

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(this.fresh.connections()).initialSize(1).maxSize(4).build());

	private final DatabaseClient database = DatabaseClient.create(this.connections);

	private final TallyStore tallies = new TallyStore(this.database);

	private final OrderRows rows = new OrderRows(this.database);

	@AfterEach
	void close() {
		this.connections.disposeLater().block(LIMIT);
	}

	/** Of four in a row the fourth is not shown. */
	@Test
	void addsUpWhatEachListShowsByTheHour() {
		this.rows.add("a", "internet", minutes(0, 59, 60, 61, 62, 63, 180));
		this.rows.add("b", "mobile", minutes(60, 61));

		assertThat(countTo(EIGHT.plus(HOUR.multipliedBy(4)))).containsExactly("a internet 08 2", "a internet 09 5",
				"a internet 11 6", "b mobile 09 2");
	}

	@Test
	void goesOnWhereItStopped() {
		this.rows.add("a", "internet", minutes(0, 60, 61));
		countTo(EIGHT.plus(HOUR));
		this.rows.add("a", "internet", minutes(120, 121));

		assertThat(countTo(EIGHT.plus(HOUR.multipliedBy(4)))).containsExactly("a internet 08 1", "a internet 09 3",
				"a internet 10 5");
	}

	@Test
	void countsNoHourThatIsNotSettledWhole() {
		this.rows.add("a", "internet", minutes(0, 60));

		assertThat(countTo(EIGHT.plus(HOUR).plus(Duration.ofMinutes(59)))).containsExactly("a internet 08 1");
		assertThat(await(this.tallies.end())).isEqualTo(EIGHT.plus(HOUR));
	}

	@Test
	void replicasAtOnceCountOnce() {
		this.rows.add("a", "internet", minutes(0, 60, 61));
		Instant end = await(this.tallies.end());

		List<Instant> counted = await(
				Flux.range(0, 4).flatMap((replica) -> this.tallies.count(end, EIGHT.plus(HOUR))).collectList());

		assertThat(counted).containsExactly(EIGHT.plus(HOUR));
		assertThat(rows()).containsExactly("a internet 08 1");
	}

	@Test
	void leapsOverTimesWithoutOrders() {
		this.rows.add("a", "internet", List.of(EIGHT.minus(Duration.ofDays(900)), EIGHT));

		List<Instant> ends = await(this.tallies.end()
			.expand((end) -> this.tallies.count(end, EIGHT.plus(Duration.ofDays(300))))
			.collectList());

		assertThat(ends).hasSize(4).endsWith(EIGHT.plus(Duration.ofDays(300)));
	}

	/** The driver tells the server the zone of its process. */
	@Test
	void hoursAreTheSameInEveryZone() {
		this.rows.add("a", "internet", minutes(0, 40, 80));
		TallyStore elsewhere = new TallyStore(
				DatabaseClient.create(ConnectionFactories.get(withUser("postgres") + "?timeZone=Asia/Kathmandu")));

		StepVerifier.create(elsewhere.count(Instant.EPOCH, EIGHT.plus(HOUR.multipliedBy(2))))
			.expectNext(EIGHT.plus(HOUR.multipliedBy(2)))
			.expectComplete()
			.verify(LIMIT);
		assertThat(rows()).containsExactly("a internet 08 2", "a internet 09 3");
	}

	@Test
	void whatIsYoungerThanARunningTransactionIsNotSettled() {
		Transaction late = Transaction.begin(this.fresh.connections());
		Instant begun = await(late.ledger().database().sql("select now()").mapValue(Instant.class).one());
		await(this.database.sql("select pg_sleep(0.01)::text").mapValue(String.class).one());

		assertThat(await(this.tallies.settled())).isEqualTo(begun.minus(HOUR));
		late.commit();
		assertThat(await(this.tallies.settled())).isAfter(begun.minus(HOUR));
	}

	/** Of those it is not known since when they run. */
	@Test
	void nothingIsSettledWhileAnotherRoleWrites() {
		this.database.sql("create role stranger login").then().block(LIMIT);
		TallyStore stranger = new TallyStore(DatabaseClient.create(ConnectionFactories.get(withUser("stranger"))));
		Transaction late = Transaction.begin(this.fresh.connections());
		late.claimPlace();

		assertThat(await(stranger.settled())).isBefore(Instant.EPOCH);
		late.commit();
		assertThat(await(stranger.settled())).isAfter(Instant.now().minus(HOUR.multipliedBy(2)));
	}

	@Test
	void theLoopCountsUpToTheHourBeforeLast() {
		Instant now = Instant.now();
		this.rows.add("a", "internet", Stream.of(now, now.minus(HOUR.multipliedBy(100))).toList());
		TallyLoop loop = new TallyLoop(this.tallies,
				new OpenOrders(new OpenStore(this.database), new SimpleMeterRegistry()),
				new CommitsHealthIndicator(new CommitStore(this.database), new SimpleMeterRegistry()));

		loop.start();
		Instant end = await(Flux.interval(Duration.ofMillis(20))
			.onBackpressureDrop()
			.concatMap((tick) -> this.tallies.end())
			.filter((reached) -> reached.isAfter(now.minus(HOUR.multipliedBy(3))))
			.next());
		loop.stop();

		assertThat(end).isIn(now.minus(HOUR).truncatedTo(ChronoUnit.HOURS), now.truncatedTo(ChronoUnit.HOURS));
		assertThat(rows()).hasSize(1);
		assertThat(loop.isRunning()).isFalse();
	}

	private static List<Instant> minutes(int... after) {
		List<Instant> times = new ArrayList<>();
		for (int minutes : after) {
			times.add(EIGHT.plus(Duration.ofMinutes(minutes)));
		}
		return times;
	}

	private List<String> countTo(Instant settled) {
		this.tallies.end().expand((end) -> this.tallies.count(end, settled)).blockLast(LIMIT);
		return rows();
	}

	private List<String> rows() {
		return await(this.database.sql(
				"select caller || ' ' || family || to_char(hour at time zone 'UTC', ' HH24 ') || shown from orders_tally"
						+ " order by caller, family, hour")
			.mapValue(String.class)
			.all()
			.collectList());
	}

	private String withUser(String name) {
		return this.fresh.r2dbcUrl().replace("://", "://" + name + "@");
	}

}
