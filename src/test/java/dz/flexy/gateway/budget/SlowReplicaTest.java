package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.SingleConnectionFactory;
import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Of several replicas one is slow between reading the row and writing it, as one is that
 * has just started. The others write it many times meanwhile.
 */
class SlowReplicaTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final Rate RATE = Rate.of(6000, Duration.ofSeconds(60));

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String WAIT = "select pg_advisory_lock(1)";

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(Database.fresh().connections()).initialSize(4).maxSize(8).build());

	private final UsageStore store = new UsageStore(DatabaseClient.create(this.connections));

	private final Disposable.Composite running = Disposables.composite();

	@AfterEach
	void close() {
		this.running.dispose();
		this.connections.disposeLater().block(PATIENCE);
	}

	@Test
	void isNotLeftBehind() {
		Mono<Boolean> write = this.store.read(MAIN).flatMap((row) -> {
			row.usage().exchange(Report.NOTHING, RATE, row.now());
			return this.store.write(MAIN, row);
		});
		this.running.add(Flux.range(0, 2).flatMap((i) -> write.repeat()).subscribe());
		Gate slow = gate(new SlowRows(this.store, Duration.ofMillis(100)));

		for (int i = 0; i < 3; i++) {
			Permit permit = slow.acquire(Lane.SEND, PATIENCE).block(PATIENCE);
			assertThat(permit.begin()).isTrue();
			slow.observe(RateLimitHeaders.read(200, Optional.empty(), Optional.empty(), Optional.empty(),
					Optional.empty(), Instant.EPOCH, Duration.ofMinutes(1)));
			permit.answered();
			permit.close();
		}
	}

	/** As one that is frozen while it has the row. */
	@Test
	void holdsUpTheOthersForHalfASecondAtMost() {
		this.store.read(MAIN).block(PATIENCE);
		CompletableFuture<Boolean> frozen = this.store
			.alone(MAIN, (rows) -> rows.read(MAIN).then(Mono.<Boolean>never()))
			.toFuture();
		Mono<Boolean> taken = this.store.read(MAIN)
			.delayElement(Duration.ofMillis(50))
			.flatMap((row) -> this.store.write(MAIN, row));

		assertThat(taken.block(PATIENCE)).isTrue();
		assertThat(sessionTimeout()).isEqualTo("500ms");
		frozen.cancel(true);
	}

	/** Of the transaction, told by the write in it. */
	private String sessionTimeout() {
		DatabaseClient client = DatabaseClient.create(this.connections);
		client
			.sql("""
					create table told (setting text);
					create function tell() returns trigger language plpgsql as
					'begin insert into told values (current_setting(''idle_in_transaction_session_timeout'')); return new; end';
					create trigger tells before update on budget_usage for each row execute function tell()""")
			.then()
			.block(PATIENCE);
		this.store.alone(MAIN, (rows) -> rows.read(MAIN).flatMap((row) -> rows.write(MAIN, row))).block(PATIENCE);
		return client.sql("select setting from told").mapValue(String.class).one().block(PATIENCE);
	}

	@Test
	void whatIsNotCommittedIsNotGranted() {
		assertThat(this.store.alone(MAIN, (rows) -> rows.read(MAIN).flatMap((row) -> {
			row.usage()
				.exchange(new Report(List.of(), List.of(), List.of(), List.of(), Map.of(Lane.SEND, 1)), RATE,
						row.now());
			return rows.write(MAIN, row).then(Mono.<Boolean>error(new IllegalStateException("broken off")));
		})).onErrorComplete().blockOptional(PATIENCE)).isEqualTo(Optional.empty());

		assertThat(this.store.read(MAIN).block(PATIENCE).usage().charges()).isEmpty();
	}

	/** The connection is lent on while its last statement still waits for another. */
	@Test
	void whoGivesUpLeavesNoTransactionBehind() {
		Database database = Database.fresh();
		ConnectionPool one = new ConnectionPool(
				ConnectionPoolConfiguration.builder(database.connections()).maxSize(1).build());
		UsageStore lent = new UsageStore(DatabaseClient.create(one));
		UsageRows.Row row = lent.read(MAIN).block(PATIENCE);
		Connection other = Mono.from(database.connections().create()).block(PATIENCE);
		DatabaseClient.create(new SingleConnectionFactory(other, one.getMetadata(), true))
			.sql(WAIT)
			.then()
			.block(PATIENCE);

		giveUp(DatabaseClient.create(one).sql(WAIT).then());
		giveUp(lent.alone(MAIN, (rows) -> rows.read(MAIN)));
		Mono.from(other.close()).block(PATIENCE);

		assertThat(lent.write(MAIN, row).block(PATIENCE)).isTrue();
		assertThat(new UsageStore(database.client()).read(MAIN).block(PATIENCE).version()).isEqualTo(row.version() + 1);
		one.disposeLater().block(PATIENCE);
	}

	private static void giveUp(Mono<?> work) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> work.block(Duration.ofMillis(200)));
	}

	private Gate gate(UsageRows rows) {
		Gate gate = new Gate(
				new Account(MAIN, new UpstreamKey("key"), 6000, Duration.ofSeconds(60), KeyType.PRODUCTION, false),
				rows, System::nanoTime);
		this.running
			.add(gate.looks().startWith(0L).onBackpressureLatest().concatMap((look) -> gate.exchange(), 0).subscribe());
		return gate;
	}

	private record SlowRows(UsageRows rows, Duration delay) implements UsageRows {

		@Override
		public Mono<Row> read(AccountId account) {
			return this.rows.read(account).delayElement(this.delay);
		}

		@Override
		public Mono<Boolean> write(AccountId account, Row row) {
			return this.rows.write(account, row);
		}

		@Override
		public <T> Mono<T> alone(AccountId account, Function<UsageRows, Mono<T>> work) {
			return this.rows.alone(account, (inside) -> work.apply(new SlowRows(inside, this.delay)));
		}

	}

}
