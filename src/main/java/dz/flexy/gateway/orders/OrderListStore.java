package dz.flexy.gateway.orders;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Reads many orders of one caller, newest first. Refused sends are not shown on
 * {@code /v3}.
 */
@Component
class OrderListStore {

	/** {@code true} or {@code false}, and told by a column that is null or not. */
	static final String FINAL = "final";

	/**
	 * What may be asked for, by the name of its query parameter; most are columns.
	 */
	static final List<String> FILTERS = List.of("state", "product", "family", "ref", "number", "search", FINAL);

	/**
	 * What a person has at hand of an order: its id, its reference or its line's number.
	 * Each is looked up by its own index; few orders meet any.
	 */
	private static final String SEARCH = """
			id in (select id from orders_order where caller = :caller and number = :search
			           union all select id from orders_order
			           where caller = :caller and ref in (:search, orders_ref_key(:caller, :search))
			           union all select :search)""";

	private static final String NEWEST = " order by accepted_at desc, id desc limit :limit";

	/** Each found by one step in an index, however many orders there are. */
	private static final String CALLERS = """
			with recursive callers as (
			  select min(caller) as caller from orders_order
			  union all
			  select (select min(caller) from orders_order where caller > callers.caller) from callers
			  where caller is not null)
			select caller from callers where caller is not null""";

	/**
	 * The list in three parts, newest first: {@code head} orders down to {@code high},
	 * counted here; whole hours that {@code orders_tally} has counted, down to
	 * {@code low}, with {@code older} orders before and {@code newer} up to their end;
	 * and {@code tail} orders, counted here, down to {@code since}. So what is counted
	 * and skipped are orders of two hours at most and those too new for a tally, in the
	 * index alone; the page's are read as they lie behind it. One statement, so that all
	 * of it is of one moment.
	 */
	static final String PAGE = """
			with given as (
			  select :from::timestamptz as since, :to::timestamptz as until, :skip::bigint as skip,
			         (select until from orders_tally_end) as tallied
			), hours as (
			  select skip, since, until, date_trunc('hour', since + interval '3599.999999 seconds', 'UTC') as low,
			         date_trunc('hour', least(until, tallied), 'UTC') as high
			  from given
			), span as materialized (
			  select skip, since, until, case when low < high then low else since end as low,
			         case when low < high then high else since end as high
			  from hours
			), counts as materialized (
			  select span.*,
			    coalesce((select shown from orders_tally where caller = :caller and family = :family and hour < low
			              order by hour desc limit 1), 0) as older,
			    coalesce((select shown from orders_tally where caller = :caller and family = :family and hour < high
			              order by hour desc limit 1), 0) as newer,
			    (select count(*) {shown} and accepted_at >= high and accepted_at < until) as head,
			    (select count(*) {shown} and accepted_at >= since and accepted_at < low) as tail
			  from span
			), place as materialized (
			  select until as below, skip as rest from counts where skip < head
			  union all
			  select hour + interval '1 hour', shown - (newer - (skip - head))
			  from counts, lateral (
			    select hour, shown from orders_tally
			    where caller = :caller and family = :family and shown >= newer - (skip - head)
			    order by shown limit 1) begun
			  where skip >= head and skip - head < newer - older
			  union all
			  select low, skip - head - (newer - older) from counts
			  where skip - head >= newer - older and skip - head < newer - older + tail
			), first as materialized (
			  select accepted_at, id {shown}
			    and accepted_at >= (select since from span) and accepted_at < (select below from place)
			  order by accepted_at desc, id desc offset (select rest from place) limit 1
			), page as (
			  select * {shown}
			    and accepted_at >= (select since from span) and (accepted_at, id) <= (select accepted_at, id from first)
			  order by accepted_at desc, id desc limit :size
			)
			select head + (newer - older) + tail as total, page.*, now() as read_at
			from counts left join page on true
			order by accepted_at desc, id desc""".replace("{shown}", """
			from orders_order where caller = :caller and family = :family and answer is distinct from 'REFUSED'""");

	private final DatabaseClient database;

	private final OrderRow rows;

	OrderListStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/**
	 * One page by number, as the upstream pages. A late page costs what the first does.
	 * @param page from 1
	 * @param size of each page, in orders
	 * @return exactly one; without orders behind the last page
	 */
	Mono<Page> page(CallerId caller, Family family, Range range, int page, int size) {
		return this.database.sql(PAGE)
			.bind("caller", caller.value())
			.bind("family", family.label())
			.bind("from", range.from())
			.bind("to", range.end())
			.bind("skip", (page - 1L) * size)
			.bind("size", size)
			.map(this::listed)
			.all()
			.collectList()
			.map(Page::of);
	}

	/**
	 * The orders after a place in the list that meet all conditions.
	 * @param caller whose; empty for everybody's
	 */
	Flux<Order> after(Optional<CallerId> caller, Optional<Cursor> cursor, Map<String, String> conditions, int limit) {
		GenericExecuteSpec select = this.database.sql(after(caller.isPresent(), cursor.isPresent(), conditions))
			.bind("limit", limit);
		if (caller.isPresent()) {
			select = select.bind("caller", caller.get().value());
		}
		if (cursor.isPresent()) {
			select = select.bind("at", cursor.get().acceptedAt()).bind("id", cursor.get().id());
		}
		for (Map.Entry<String, String> condition : conditions.entrySet()) {
			if (!condition.getKey().equals(FINAL)) {
				select = select.bind(condition.getKey(), condition.getValue());
			}
		}
		return select.map(this.rows::order).all();
	}

	/**
	 * Everybody's of a condition are merged of each caller's, so that there is no index
	 * for each; that costs a few pages a caller. Without any, or just the open ones, they
	 * have indexes, whose conditions stand here.
	 */
	static String after(boolean ofOne, boolean place, Map<String, String> conditions) {
		if (!ofOne && (conditions.isEmpty() || conditions.equals(Map.of(FINAL, "false")))) {
			return "select *, now() as read_at from orders_order where "
					+ (conditions.isEmpty() ? "version >= 0"
							: "(final_at is null or flag is not null) and final_at is null")
					+ (place ? " and (accepted_at, id) < (:at, :id)" : "") + NEWEST;
		}
		String caller = ofOne ? ":caller" : "one.caller";
		String list = "select * from orders_order where caller = " + caller
				+ conditions.entrySet()
					.stream()
					.map((condition) -> condition(condition, caller))
					.collect(Collectors.joining())
				+ (place ? " and (accepted_at, id) < (:at, :id)" : "") + NEWEST;
		return "select *, now() as read_at from "
				+ (ofOne ? "(" + list + ") list" : "(" + CALLERS + ") one cross join lateral (" + list + ") list")
				+ NEWEST;
	}

	/** Of an erased order only the digest of its ref is left. */
	private static String condition(Map.Entry<String, String> condition, String caller) {
		String column = condition.getKey();
		return switch (column) {
			case "ref" -> " and ref in (:ref, orders_ref_key(" + caller + ", :ref))";
			case "search" -> " and " + SEARCH.replace(":caller", caller);
			case FINAL -> " and final_at is " + (condition.getValue().equals("true") ? "not null" : "null");
			default -> " and " + column + " = :" + column;
		};
	}

	private Listed listed(Readable row) {
		long total = requireNonNull(row.get("total", Long.class));
		return new Listed(total, (row.get("id") != null) ? Optional.of(this.rows.order(row)) : Optional.empty());
	}

	/**
	 * @param orders of this page, newest first
	 * @param total orders of all pages
	 */
	record Page(List<Order> orders, long total) {

		private static Page of(List<Listed> rows) {
			return new Page(rows.stream().flatMap((row) -> row.order().stream()).toList(), rows.getFirst().total());
		}

	}

	private record Listed(long total, Optional<Order> order) {
	}

	/** Acceptance times, both inclusive and to the millisecond, as they are shown. */
	record Range(Instant from, Instant to) {

		/** Whatever the database can compare with lies within. */
		static final Range ALL = new Range(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"));

		Range {
			from = from.truncatedTo(ChronoUnit.MILLIS);
			to = to.truncatedTo(ChronoUnit.MILLIS);
		}

		/** The first instant behind it. */
		Instant end() {
			return this.to.plusMillis(1);
		}

		boolean contains(Instant instant) {
			return !instant.isBefore(this.from) && instant.isBefore(end());
		}

		/** The instant itself, or the end of this range on its side. */
		Instant nearest(Instant instant) {
			return contains(instant) ? instant : instant.isBefore(this.from) ? this.from : this.to;
		}

	}

}
