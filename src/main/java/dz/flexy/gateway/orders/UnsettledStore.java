package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dz.flexy.gateway.callers.CallerId;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

/**
 * Reads the orders of all callers that a person may have to settle: those whose send is
 * unclear, those open for an hour, and those that ask for a person.
 */
@Component
public class UnsettledStore {

	private static final String OPEN = "final_at is null or flag is not null";

	private static final String UNSETTLED = "(flag is not null or state = 'SEND_UNKNOWN' or accepted_at < now() - interval '1 hour')";

	private final DatabaseClient database;

	private final OrderRow rows;

	UnsettledStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/**
	 * One page, newest first.
	 * @param filter which of them
	 * @param cursor as an earlier page gave it
	 * @param limit how many at most
	 * @return exactly one
	 * @throws IllegalArgumentException for a cursor that none gave
	 */
	public Mono<Page> page(Filter filter, Optional<String> cursor, int limit) {
		Optional<Cursor> place = cursor
			.map((text) -> Cursor.parse(text).orElseThrow(() -> new IllegalArgumentException(text)));
		Map<String, String> equal = filter.columns();
		GenericExecuteSpec select = this.database.sql(sql(place.isPresent(), equal, filter.flagged()))
			.bind("limit", limit + 1);
		for (Map.Entry<String, String> column : equal.entrySet()) {
			select = select.bind(column.getKey(), column.getValue());
		}
		if (place.isPresent()) {
			Instant at = place.get().acceptedAt();
			select = select.bind("at", at).bind("id", place.get().id());
		}
		return select.map(this.rows::order).all().collectList().map((found) -> Page.of(found, limit));
	}

	/**
	 * How many there are.
	 * @param filter which of them
	 * @param most where counting ends
	 * @return exactly one, {@code most} at most
	 */
	public Mono<Long> count(Filter filter, int most) {
		String unsettled = sql(false, filter.columns(), filter.flagged());
		GenericExecuteSpec select = this.database.sql("select count(*) from (" + unsettled + ") unsettled")
			.bind("limit", most);
		for (Map.Entry<String, String> column : filter.columns().entrySet()) {
			select = select.bind(column.getKey(), column.getValue());
		}
		return select.mapValue(Long.class).one();
	}

	/** Both conditions, so that the index is taken whatever the planner knows. */
	static String sql(boolean place, Map<String, String> equal, Optional<Boolean> flagged) {
		return "select *, now() as read_at from orders_order where (" + OPEN + ") and " + UNSETTLED
				+ equal.keySet()
					.stream()
					.map((column) -> " and " + column + " = :" + column)
					.collect(Collectors.joining())
				+ flagged.map((yes) -> " and flag is " + (yes ? "not " : "") + "null").orElse("")
				+ (place ? " and (accepted_at, id) < (:at, :id)" : "")
				+ " order by accepted_at desc, id desc limit :limit";
	}

	/**
	 * Which orders are asked for; what is empty does not matter.
	 *
	 * @param account bought with
	 * @param family label of the product's
	 * @param state the gateway's
	 * @param flagged whether they ask for a person
	 * @param caller whose
	 */
	public record Filter(Optional<String> account, Optional<String> family, Optional<String> state,
			Optional<Boolean> flagged, Optional<String> caller) {

		/**
		 * Of all callers.
		 * @param account bought with
		 * @param family label of the product's
		 * @param state the gateway's
		 * @param flagged whether they ask for a person
		 */
		public Filter(Optional<String> account, Optional<String> family, Optional<String> state,
				Optional<Boolean> flagged) {
			this(account, family, state, flagged, Optional.empty());
		}

		/**
		 * Whatever their account, product and state.
		 * @param caller whose; empty for all callers'
		 * @return all of them
		 */
		public static Filter all(Optional<CallerId> caller) {
			return new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
					caller.map(CallerId::value));
		}

		Map<String, String> columns() {
			Map<String, String> columns = new LinkedHashMap<>();
			this.account.ifPresent((value) -> columns.put("account", value));
			this.family.ifPresent((value) -> columns.put("family", value));
			this.state.ifPresent((value) -> columns.put("state", value));
			this.caller.ifPresent((value) -> columns.put("caller", value));
			return columns;
		}

	}

	/**
	 * A page.
	 *
	 * @param orders newest first
	 * @param next cursor of the page behind it; empty for the last
	 */
	public record Page(List<Order> orders, Optional<String> next) {

		private static Page of(List<Order> found, int limit) {
			boolean more = found.size() > limit;
			List<Order> shown = more ? found.subList(0, limit) : found;
			return new Page(List.copyOf(shown),
					more ? Optional.of(Cursor.at(shown.getLast()).text()) : Optional.empty());
		}

	}

}
