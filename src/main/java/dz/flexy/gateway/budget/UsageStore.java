package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dz.flexy.gateway.account.AccountId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Wrapped;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.SingleConnectionFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code budget_usage}. */
@Component
class UsageStore implements UsageRows {

	private static final String READ = """
			select *, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
			from budget_usage where account = :account""";

	private static final String CREATE = """
			insert into budget_usage (account) values (:account) on conflict (account) do nothing""";

	private static final String WRITE = """
			update budget_usage set version = version + 1, charged_at = :chargedAt, charged = :charged,
			  pace_due = :paceDue, lanes_due = :lanesDue, blocked_until = :blockedUntil, heard = :heard,
			  told_limit = :toldLimit, told_reset = :toldReset, told_left = :toldLeft, told_until = :toldUntil,
			  changed_at = :changedAt
			where account = :account and version = :version""";

	/** The session is ended, and with it what holds the row. */
	private static final String LIMIT = "set local idle_in_transaction_session_timeout = '500ms'";

	private static final String LOCK = "select account from budget_usage where account = :account for update";

	/** To say farewell on a connection that is cut. */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final DatabaseClient database;

	UsageStore(DatabaseClient database) {
		this.database = database;
	}

	@Override
	public Mono<Row> read(AccountId account) {
		return find(account).switchIfEmpty(Mono.defer(() -> create(account).then(find(account))));
	}

	@Override
	public Mono<Boolean> write(AccountId account, Row row) {
		Usage usage = row.usage();
		return this.database.sql(WRITE)
			.bind("account", account.value())
			.bind("version", row.version())
			.bind("chargedAt", usage.charges().keySet().toArray(Long[]::new))
			.bind("charged", usage.charges().values().toArray(Integer[]::new))
			.bind("paceDue", usage.paceDue())
			.bind("lanesDue", usage.lanesDue().values().toArray(Long[]::new))
			.bind("blockedUntil", usage.blockedUntil())
			.bind("heard", usage.heard())
			.bind("toldLimit", usage.told().limit())
			.bind("toldReset", usage.told().reset())
			.bind("toldLeft", usage.told().left())
			.bind("toldUntil", usage.told().until())
			.bind("changedAt", usage.at())
			.fetch()
			.rowsUpdated()
			.map((rows) -> rows == 1);
	}

	/**
	 * By hand: if Spring's {@code TransactionalOperator} is cancelled while its
	 * {@code BEGIN} is on its way, the pool lends the connection on in the middle of a
	 * transaction that nobody commits.
	 */
	@Override
	public <T> Mono<T> alone(AccountId account, Function<UsageRows, Mono<T>> work) {
		return Mono.usingWhen(this.database.getConnectionFactory().create(),
				(connection) -> transaction(connection, account, work), Connection::close,
				(connection, failure) -> cut(connection), UsageStore::cut);
	}

	private <T> Mono<T> transaction(Connection connection, AccountId account, Function<UsageRows, Mono<T>> work) {
		DatabaseClient own = DatabaseClient
			.create(new SingleConnectionFactory(connection, this.database.getConnectionFactory().getMetadata(), true));
		return Mono.from(connection.beginTransaction())
			.then(own.sql(LIMIT).then())
			.then(own.sql(LOCK).bind("account", account.value()).then())
			.then(Mono.defer(() -> work.apply(new UsageStore(own))))
			.flatMap((result) -> Mono.from(connection.commitTransaction()).thenReturn(result));
	}

	/**
	 * Has the server roll back, whatever is on its way to it. A pool finds it closed and
	 * makes another.
	 */
	private static Mono<Void> cut(Connection connection) {
		Object own = (connection instanceof Wrapped<?> pooled) ? pooled.unwrap() : connection;
		Mono<Void> closed = (own instanceof Connection inner) ? Mono.from(inner.close()) : Mono.empty();
		return closed.timeout(PATIENCE).onErrorComplete().then(Mono.from(connection.close()));
	}

	private Mono<Row> find(AccountId account) {
		return this.database.sql(READ).bind("account", account.value()).map(UsageStore::row).one();
	}

	private Mono<Long> create(AccountId account) {
		return this.database.sql(CREATE).bind("account", account.value()).fetch().rowsUpdated();
	}

	private static Row row(Readable row) {
		ToLongFunction<String> number = (column) -> requireNonNull(row.get(column, Long.class));
		Told told = new Told((int) number.applyAsLong("told_limit"), number.applyAsLong("told_reset"),
				(int) number.applyAsLong("told_left"), number.applyAsLong("told_until"));
		Usage usage = new Usage(charges(row), number.applyAsLong("pace_due"), lanes(row),
				number.applyAsLong("blocked_until"), Boolean.TRUE.equals(row.get("heard", Boolean.class)), told,
				number.applyAsLong("changed_at"));
		return new Row(usage, number.applyAsLong("version"), number.applyAsLong("now"));
	}

	private static Map<Long, Integer> charges(Readable row) {
		Long[] at = requireNonNull(row.get("charged_at", Long[].class));
		Integer[] counts = requireNonNull(row.get("charged", Integer[].class));
		Map<Long, Integer> charges = new HashMap<>();
		for (int i = 0; i < at.length; i++) {
			charges.put(at[i], counts[i]);
		}
		return charges;
	}

	private static Map<Lane, Long> lanes(Readable row) {
		Long[] due = requireNonNull(row.get("lanes_due", Long[].class));
		Map<Lane, Long> lanes = new EnumMap<>(Lane.class);
		Iterator<Long> next = Arrays.asList(due).iterator();
		for (Lane lane : Lane.values()) {
			lanes.put(lane, next.hasNext() ? next.next() : 0L);
		}
		return lanes;
	}

}
