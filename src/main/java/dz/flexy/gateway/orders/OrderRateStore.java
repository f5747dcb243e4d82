package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.callers.CallerId;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Flux;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Counts the orders that were accepted lately. */
@Component
public class OrderRateStore {

	/**
	 * Of all callers the ids tell roughly when: they begin with the second of the
	 * acceptance by a replica's clock, which may be some minutes off the database's.
	 */
	private static final String RECENT = "id >= to_hex(extract(epoch from now())::bigint - 60 * :minutes::bigint - 600)";

	private static final String COUNT = """
			with counted as (
			  select date_trunc('minute', accepted_at, 'UTC') as minute, count(*) as orders from orders_order
			  where {whose} and accepted_at >= date_trunc('minute', now(), 'UTC') - (:minutes - 1) * interval '1 minute'
			  group by 1
			)
			select minute, coalesce(orders, 0) as orders
			from generate_series(date_trunc('minute', now(), 'UTC') - (:minutes - 1) * interval '1 minute',
			                     date_trunc('minute', now(), 'UTC'), interval '1 minute') as minute
			left join counted using (minute) order by minute""";

	private final DatabaseClient database;

	OrderRateStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Orders by the minute of their acceptance.
	 * @param caller whose; empty for all callers'
	 * @param minutes how many, the present one included; 1 or more
	 * @return exactly so many, oldest first
	 */
	public Flux<Minute> accepted(Optional<CallerId> caller, int minutes) {
		GenericExecuteSpec select = this.database
			.sql(COUNT.replace("{whose}", caller.isPresent() ? "caller = :caller" : RECENT))
			.bind("minutes", minutes);
		return (caller.isPresent() ? select.bind("caller", caller.get().value()) : select).map(OrderRateStore::minute)
			.all();
	}

	private static Minute minute(Readable row) {
		return new Minute(requireNonNull(row.get("minute", Instant.class)),
				requireNonNull(row.get("orders", Long.class)));
	}

	/**
	 * One minute.
	 *
	 * @param begin its first instant, by the database's clock
	 * @param orders accepted in it, refused ones included
	 */
	public record Minute(Instant begin, long orders) {
	}

}
