package dz.flexy.gateway.orders;

import io.r2dbc.spi.Readable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Counts the orders that are not final or ask for a person, of all accounts. */
@Component
class OpenStore {

	/**
	 * No order is due later than in an hour, unless the clock was ahead when that was
	 * written down, or a person decides it, which is looked at once a day.
	 */
	private static final String STRANDED = """
			final_at is null and due_at > now() + interval '90 minutes' and candidates is null""";

	/** The condition is that of an index. */
	private static final String COUNT = """
			select family, state, count(*) as orders, count(flag) as flagged,
			       extract(epoch from now() - min(accepted_at))::double precision as age, bool_or(%s) as stranded
			from orders_order where final_at is null or flag is not null group by family, state""".formatted(STRANDED);

	private final DatabaseClient database;

	OpenStore(DatabaseClient database) {
		this.database = database;
	}

	/** What has none is left out. */
	Flux<Count> counts() {
		return this.database.sql(COUNT).map(OpenStore::count).all();
	}

	/** Emits how many are due now that were not to be for hours. */
	Mono<Long> makeStrandedDue() {
		return this.database.sql("update orders_order set due_at = now() where " + STRANDED).fetch().rowsUpdated();
	}

	private static Count count(Readable row) {
		return new Count(requireNonNull(row.get("family", String.class)),
				OrderState.valueOf(requireNonNull(row.get("state", String.class))),
				requireNonNull(row.get("orders", Long.class)), requireNonNull(row.get("flagged", Long.class)),
				requireNonNull(row.get("age", Double.class)), requireNonNull(row.get("stranded", Boolean.class)));
	}

	/**
	 * The orders of one family in one state.
	 *
	 * @param orders how many, 1 or more
	 * @param flagged how many of them ask for a person
	 * @param age seconds since the oldest was accepted
	 * @param stranded whether one of them is due hours from now, as none is made to be
	 */
	record Count(String family, OrderState state, long orders, long flagged, double age, boolean stranded) {
	}

}
