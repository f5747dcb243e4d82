package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * When accounts are compared and what came of it. Each method is one statement; all times
 * are the database's.
 */
@Component
class RunStore {

	/** A gateway that stood still for longer compares no more than this. */
	private static final Duration LONGEST = Duration.ofDays(31);

	/**
	 * New time in one comparison: after a stop several follow each other, and each is
	 * done with.
	 */
	private static final Duration MOST_NEW = Duration.ofHours(36);

	private static final Duration LONGEST_RETRY = Duration.ofHours(1);

	private static final String AGAIN = "now() + least(:retry * power(2, least(failures%s, 12)), :longestRetry)::float8"
			+ " * interval '1 second'";

	/** Counted as failed until it has ended well: it may take its process with it. */
	private static final String BEGIN = """
			with due as (
			  select account, asked from reconciliation_due where account = :account and due_at <= now() for update
			), begun as (
			  update reconciliation_due set due_at = %s, failures = failures + 1, asked = false
			  where account in (select account from due)
			), last as (
			  select greatest(max(to_at), now() + (:overlap - :longest) * interval '1 second') as to_at
			  from reconciliation_run where account = :account and state = 'COMPLETE' having max(to_at) is not null
			)
			insert into reconciliation_run (account, asked, from_at, to_at)
			select account, asked,
			       coalesce((select to_at - :overlap * interval '1 second' from last),
			                now() - (:overlap + :every) * interval '1 second'),
			       least(now() - :settled * interval '1 second', (select to_at + :newest * interval '1 second' from last))
			from due returning id, account, from_at, to_at"""
		.formatted(AGAIN.formatted(""));

	private static final String FINISH = """
			with ended as (
			  update reconciliation_run set state = :state, reason = :reason, counts = :counts, ended_at = now()
			  where id = :id and state = 'RUNNING' returning account, started_at, to_at
			)
			update reconciliation_due due set
			       failures = case when :state = 'COMPLETE' then 0 else failures end,
			       due_at = case when asked then due_at
			                     when :state = 'COMPLETE' and to_at < started_at - (:settled + 1) * interval '1 second'
			                     then now()
			                     when :state = 'COMPLETE'
			                     then greatest(ended.started_at + :every * interval '1 second', now() + interval '1 minute')
			                     else %s end
			from ended where due.account = ended.account"""
		.formatted(AGAIN.formatted(" - 1"));

	private static final String REPORT = """
			select * from (select r.*, row_number() over (partition by account order by id desc) as place
			               from reconciliation_run r where account = any(:accounts)) runs
			where place <= :each order by account, id desc""";

	/** A connection may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DatabaseClient database;

	private final ReconciliationProperties properties;

	RunStore(DatabaseClient database, ReconciliationProperties properties) {
		this.database = database;
		this.properties = properties;
	}

	/** An account that was never compared is for the first time after one interval. */
	Mono<Boolean> isDue(AccountId account) {
		return this.database.sql("""
				insert into reconciliation_due (account, due_at) values (:account, now() + :every * interval '1 second')
				on conflict (account) do nothing""")
			.bind("account", account.value())
			.bind("every", seconds(this.properties.every()))
			.fetch()
			.rowsUpdated()
			.timeout(PATIENCE)
			.then(this.database.sql("select due_at <= now() as due from reconciliation_due where account = :account")
				.bind("account", account.value())
				.mapValue(Boolean.class)
				.one()
				.timeout(PATIENCE));
	}

	/** Ends what a replica left running; there is none but one that lost its lease. */
	Mono<Long> breakOff(AccountId account) {
		return this.database.sql("""
				update reconciliation_run set state = 'BROKEN_OFF', ended_at = now(), reason = 'the replica stopped'
				where account = :account and state = 'RUNNING'""")
			.bind("account", account.value())
			.fetch()
			.rowsUpdated()
			.timeout(PATIENCE);
	}

	/** Empty if it is not due. */
	Mono<Run> begin(AccountId account) {
		return this.database.sql(BEGIN)
			.bind("account", account.value())
			.bind("retry", seconds(this.properties.retry()))
			.bind("longestRetry", seconds(LONGEST_RETRY))
			.bind("overlap", seconds(this.properties.overlap()))
			.bind("every", seconds(this.properties.every()))
			.bind("settled", seconds(this.properties.settled()))
			.bind("longest", seconds(LONGEST))
			.bind("newest", seconds(newest()))
			.map((row) -> {
				Instant to = requireNonNull(row.get("to_at", Instant.class));
				return new Run(requireNonNull(row.get("id", Long.class)), account,
						requireNonNull(row.get("from_at", Instant.class)), to, to.minus(this.properties.settled()));
			})
			.one()
			.timeout(PATIENCE);
	}

	/**
	 * Emits whether it was still running.
	 * @param unread what could not be judged; empty if everything was
	 */
	Mono<Boolean> finish(Run run, Optional<String> unread, String counts) {
		DatabaseClient.GenericExecuteSpec update = this.database.sql(FINISH)
			.bind("id", run.id())
			.bind("state", unread.isPresent() ? "INCOMPLETE" : "COMPLETE")
			.bind("counts", counts)
			.bind("every", seconds(this.properties.every()))
			.bind("settled", seconds(this.properties.settled()))
			.bind("retry", seconds(this.properties.retry()))
			.bind("longestRetry", seconds(LONGEST_RETRY));
		update = unread.isPresent() ? update.bind("reason", unread.get()) : update.bindNull("reason", String.class);
		return update.fetch().rowsUpdated().timeout(PATIENCE).map((rows) -> rows > 0);
	}

	/** Makes it due; emits whether it is running already. */
	Mono<Boolean> ask(AccountId account) {
		return this.database
			.sql("""
					with asked as (
					  insert into reconciliation_due (account, due_at, asked) values (:account, now(), true)
					  on conflict (account) do update set due_at = least(reconciliation_due.due_at, now()), asked = true
					)
					select exists (select from reconciliation_run where account = :account and state = 'RUNNING') as running""")
			.bind("account", account.value())
			.mapValue(Boolean.class)
			.one()
			.timeout(PATIENCE);
	}

	/** The latest of each account, newest first. */
	Flux<Past> latest(Collection<String> accounts, int each) {
		return this.database.sql(REPORT)
			.bind("accounts", accounts.toArray(String[]::new))
			.bind("each", each)
			.map((row) -> new Past(requireNonNull(row.get("id", Long.class)),
					requireNonNull(row.get("account", String.class)),
					Boolean.TRUE.equals(row.get("asked", Boolean.class)),
					requireNonNull(row.get("state", String.class)),
					requireNonNull(row.get("started_at", Instant.class)), row.get("ended_at", Instant.class),
					requireNonNull(row.get("from_at", Instant.class)), requireNonNull(row.get("to_at", Instant.class)),
					row.get("reason", String.class), row.get("counts", String.class)))
			.all()
			.timeout(PATIENCE);
	}

	/** When each account is compared next. */
	Flux<Due> due() {
		return this.database.sql("select account, due_at from reconciliation_due")
			.map((row) -> new Due(requireNonNull(row.get("account", String.class)),
					requireNonNull(row.get("due_at", Instant.class))))
			.all()
			.timeout(PATIENCE);
	}

	/**
	 * How long ago, in seconds, ended what was compared in full; without accounts that
	 * never were.
	 */
	Mono<Map<String, Double>> ages() {
		return this.database.sql("""
				select account, extract(epoch from now() - max(to_at))::float8 as age from reconciliation_run
				where state = 'COMPLETE' group by account""")
			.map((row) -> Map.entry(requireNonNull(row.get("account", String.class)),
					requireNonNull(row.get("age", Double.class))))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue)
			.timeout(PATIENCE);
	}

	/** What is compared every week is not compared in parts. */
	private Duration newest() {
		Duration every = this.properties.every();
		Duration usual = every.plus(every.dividedBy(2));
		return (usual.compareTo(MOST_NEW) > 0) ? usual : MOST_NEW;
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	record Due(String account, Instant at) {
	}

	/** A comparison as it is reported. */
	record Past(long id, String account, boolean asked, String state, Instant startedAt, @Nullable Instant endedAt,
			Instant from, Instant to, @Nullable String reason, @Nullable String counts) {
	}

}
