package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Move;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code reconciliation_break}. Each method is one committed statement. */
@Component
class BreakStore {

	/** A replica that lost its lease writes nothing. */
	private static final String FOUND = """
			with before as materialized (
			  select resolved_at from reconciliation_break
			  where account = :account and class = :class and family = :family and order_id = :orderId
			    and upstream_id = :upstreamId
			)
			insert into reconciliation_break as known (account, class, family, order_id, upstream_id, detail, amount,
			                                           happened_at, run, resolved_at, resolution)
			select account, :class, :family, :orderId, :upstreamId, :detail, :amount, :happenedAt, id,
			       case when :resolution::text is not null then now() end, :resolution
			from reconciliation_run where id = :run and state = 'RUNNING'
			on conflict (account, class, family, order_id, upstream_id) do update
			set detail = excluded.detail, amount = excluded.amount, last_seen_at = now(), run = excluded.run,
			    happened_at = coalesce(known.happened_at, excluded.happened_at),
			    settled = {same},
			    resolved_at = case when {same} then known.resolved_at else excluded.resolved_at end,
			    resolution = case when {same} then known.resolution else excluded.resolution end
			returning not settled and coalesce((select resolved_at is not null from before), true) as fresh""".replace(
			"{same}",
			"""
					known.settled and known.detail = excluded.detail and known.amount is not distinct from excluded.amount""");

	/** What was resolved is told for a month. */
	private static final String PAGE = """
			select * from reconciliation_break
			where account = any(:accounts) and (:class::text is null or class = :class) and id < :before
			  and case when :resolved then resolved_at > now() - interval '30 days' else resolved_at is null end
			order by id desc limit :limit""";

	private static final String SETTLE = """
			with settled as (
			  update reconciliation_break set resolved_at = now(), settled = true, resolution = 'settled by ' || :who
			  where id = :id and resolved_at is null returning *
			), noted as (
			  insert into operator_move (who, request_id, move, break_id, reason, outcome)
			  select :who, :request, :move, id::text, :reason, 'DONE' from settled
			)
			select * from settled""";

	/** A connection may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DatabaseClient database;

	BreakStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Notes one; emits whether it is new or open again, nothing if the run has ended.
	 * @param resolution what was done about it at once; null if nothing
	 */
	Mono<Boolean> found(Run run, Finding finding, @Nullable String resolution) {
		return this.database.sql(FOUND)
			.bind("run", run.id())
			.bind("account", run.account().value())
			.bind("class", finding.difference().kind().name())
			.bind("family", finding.family().label())
			.bind("orderId", finding.orderId())
			.bind("upstreamId", finding.upstreamId())
			.bind("detail", finding.difference().detail())
			.bind("amount", Parameters.in(R2dbcType.NUMERIC, finding.difference().amount()))
			.bind("happenedAt", Parameters.in(R2dbcType.TIMESTAMP_WITH_TIME_ZONE, finding.happenedAt()))
			.bind("resolution", Parameters.in(R2dbcType.VARCHAR, resolution))
			.mapValue(Boolean.class)
			.one()
			.timeout(PATIENCE);
	}

	/** Open ones that a run has not found again. */
	Flux<Break> notFoundBy(Run run, long after, int limit) {
		return this.database
			.sql("""
					select * from reconciliation_break
					where account = :account and resolved_at is null and run <> :run and id > :after order by id limit :limit""")
			.bind("account", run.account().value())
			.bind("run", run.id())
			.bind("after", after)
			.bind("limit", limit)
			.map(BreakStore::row)
			.all()
			.timeout(PATIENCE);
	}

	Mono<Long> resolve(Run run, Break gone, String resolution) {
		return this.database.sql("""
				update reconciliation_break set resolved_at = now(), resolution = :resolution
				where id = :id and resolved_at is null
				  and exists (select from reconciliation_run where id = :run and state = 'RUNNING')""")
			.bind("id", gone.id())
			.bind("run", run.id())
			.bind("resolution", resolution)
			.fetch()
			.rowsUpdated()
			.timeout(PATIENCE);
	}

	/**
	 * Open ones, or those that were resolved in the last 30 days; newest first.
	 * @param before the last one seen, exclusive
	 */
	Flux<Break> page(Collection<String> accounts, Optional<String> kind, boolean resolved, long before, int limit) {
		return this.database.sql(PAGE)
			.bind("accounts", accounts.toArray(String[]::new))
			.bind("class", Parameters.in(R2dbcType.VARCHAR, kind.orElse(null)))
			.bind("resolved", resolved)
			.bind("before", before)
			.bind("limit", limit)
			.map(BreakStore::row)
			.all()
			.timeout(PATIENCE);
	}

	Mono<Break> find(long id) {
		return this.database.sql("select * from reconciliation_break where id = :id")
			.bind("id", id)
			.map(BreakStore::row)
			.one()
			.timeout(PATIENCE);
	}

	/**
	 * Resolves one by a person's word. It stays so unless it is found again with another
	 * content; empty if it is not open.
	 */
	Mono<Break> settle(long id, Move move) {
		return this.database.sql(SETTLE)
			.bind("id", id)
			.bind("who", move.who().value())
			.bind("request", move.request().value())
			.bind("move", move.name())
			.bind("reason", move.reason())
			.map(BreakStore::row)
			.one()
			.timeout(PATIENCE);
	}

	/** How many are open, of those of which any are. */
	Flux<Count> counts() {
		return this.database.sql("""
				select account, class, count(*) as open from reconciliation_break
				where resolved_at is null group by account, class""")
			.map((row) -> new Count(requireNonNull(row.get("account", String.class)),
					BreakClass.valueOf(requireNonNull(row.get("class", String.class))),
					requireNonNull(row.get("open", Long.class))))
			.all()
			.timeout(PATIENCE);
	}

	private static Break row(Readable row) {
		Finding finding = new Finding(Family.ofLabel(text(row, "family")), text(row, "order_id"),
				text(row, "upstream_id"), new Difference(BreakClass.valueOf(text(row, "class")), text(row, "detail"),
						row.get("amount", BigDecimal.class)),
				row.get("happened_at", Instant.class));
		return new Break(requireNonNull(row.get("id", Long.class)), new AccountId(text(row, "account")), finding,
				requireNonNull(row.get("first_seen_at", Instant.class)),
				requireNonNull(row.get("last_seen_at", Instant.class)), row.get("resolved_at", Instant.class),
				row.get("resolution", String.class));
	}

	private static String text(Readable row, String column) {
		return requireNonNull(row.get(column, String.class));
	}

	/**
	 * A break.
	 *
	 * @param id its number
	 * @param account whose books
	 * @param finding what differs
	 * @param firstSeenAt when it was found
	 * @param lastSeenAt when it was found the last time
	 * @param resolvedAt null while it is open
	 * @param resolution in what way, once it is
	 */
	record Break(long id, AccountId account, Finding finding, Instant firstSeenAt, Instant lastSeenAt,
			@Nullable Instant resolvedAt, @Nullable String resolution) {

		BreakClass kind() {
			return this.finding.difference().kind();
		}

	}

	/** How many of a class are open. */
	record Count(String account, BreakClass kind, long open) {
	}

}
