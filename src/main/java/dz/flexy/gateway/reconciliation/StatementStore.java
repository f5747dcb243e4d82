package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Adds up what callers ordered, by the UTC day of acceptance. */
@Component
class StatementStore {

	/**
	 * Goes from list to list along {@code orders_list} and reads of each the days that
	 * are asked for, so it costs with the orders of those days and not with all. Of
	 * payments no amount is known.
	 */
	static final String STATEMENT = """
			with recursive list as (
			  (select caller, family from orders_order order by caller, family limit 1)
			  union all
			  select next.* from list, lateral (
			    select caller, family from orders_order where (caller, family) > (list.caller, list.family)
			    order by caller, family limit 1) next
			), sums as (
			  select list.caller, list.family as kind, days.*
			  from list, lateral (
			    select (accepted_at at time zone 'UTC')::date as day, count(*) as accepted,
			           count(*) filter (where state in ('FULFILLED', 'PARTIALLY_FILLED')) as bought,
			           coalesce(sum(cost) filter (where state in ('FULFILLED', 'PARTIALLY_FILLED')), 0) as spent,
			           count(*) filter (where state in ('FULFILLED', 'PARTIALLY_FILLED') and cost is null) as unpriced,
			           count(*) filter (where state = 'REFUNDED') as refunded,
			           coalesce(sum(cost) filter (where state = 'REFUNDED'), 0) as refunded_value,
			           count(*) filter (where final_at is null) as open,
			           coalesce(sum(coalesce(cost, value)) filter (where final_at is null), 0) as open_value,
			           count(*) filter (where state = 'REJECTED') as rejected
			    from orders_order listed
			    where listed.caller = list.caller and listed.family = list.family
			      and accepted_at >= :from and accepted_at < :until
			    group by 1) days
			  where :caller::text is null or list.caller = :caller
			  union all
			  select caller, route, (created_at at time zone 'UTC')::date, count(*),
			         count(*) filter (where state in ('ANSWERED', 'PAID') and route = 'bills.pay'), null, null, null, null,
			         count(*) filter (where state in ('SENDING', 'UNKNOWN')), null,
			         count(*) filter (where state in ('REFUSED', 'NOT_SENT', 'NOT_PAID'))
			  from passthrough_payment
			  where created_at >= :from and created_at < :until and (:caller::text is null or caller = :caller)
			  group by 1, 2, 3
			)
			select * from sums order by day, caller, kind""";

	private final DatabaseClient database;

	StatementStore(DatabaseClient database) {
		this.database = database;
	}

	/** By day, then caller, then kind; without those of which there is nothing. */
	Flux<Line> lines(Instant from, Instant until, Optional<String> caller) {
		return this.database.sql(STATEMENT)
			.bind("from", from)
			.bind("until", until)
			.bind("caller", Parameters.in(R2dbcType.VARCHAR, caller.orElse(null)))
			.map(StatementStore::line)
			.all();
	}

	private static Line line(Readable row) {
		return new Line(requireNonNull(row.get("day", LocalDate.class)),
				requireNonNull(row.get("caller", String.class)), requireNonNull(row.get("kind", String.class)),
				count(row, "accepted"), count(row, "bought"), row.get("spent", BigDecimal.class),
				row.get("unpriced", Long.class), row.get("refunded", Long.class),
				row.get("refunded_value", BigDecimal.class), count(row, "open"),
				row.get("open_value", BigDecimal.class), count(row, "rejected"));
	}

	private static long count(Readable row, String column) {
		return requireNonNull(row.get(column, Long.class));
	}

	/**
	 * One caller's day.
	 *
	 * @param day UTC, of acceptance
	 * @param caller whose
	 * @param kind a family's label, or the route of payments that were passed on
	 * @param accepted how many in all
	 * @param bought how many were delivered, wholly or in part, or paid; a payment link
	 * buys nothing
	 * @param spent DZD, what those cost; not known of payments, as all that may be null
	 * @param unpriced how many of those have no known cost
	 * @param refunded how many were paid back
	 * @param refundedValue DZD, what those had cost, as far as known
	 * @param open how many are not final
	 * @param openValue DZD, their cost, or face value where that is not known
	 * @param rejected how many were never bought
	 */
	record Line(LocalDate day, String caller, String kind, long accepted, long bought, @Nullable BigDecimal spent,
			@Nullable Long unpriced, @Nullable Long refunded, @Nullable BigDecimal refundedValue, long open,
			@Nullable BigDecimal openValue, long rejected) {
	}

}
