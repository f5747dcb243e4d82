package dz.flexy.gateway.orders;

import java.util.Optional;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.OrderEvent.Place;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Reads the event log. Whoever follows more than one order goes by {@link Place} and
 * stays behind the oldest running transaction.
 */
@Component
public class EventStore {

	private static final String COLUMNS = """
			select e.position, e.xid, e.order_id, e.caller, e.number as event_number, e.at, e.state, e.previous_state,
			       e.status, e.previous_status, e.correction, e.reason, e.cost,
			       o.family, o.ref, o.product, o.number, o.card_type, o.quantity, o.value, o.max_cost
			""";

	private static final String SELECT = COLUMNS + """
			from orders_event e join orders_order o on o.id = e.order_id
			""";

	private static final String SETTLED = " e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ";

	/**
	 * Each order is looked up by its id: of how many events lie behind a place the
	 * planner has no idea, and for the few that do it would read all orders.
	 * {@code offset} keeps it from that.
	 */
	private static final String AFTER = COLUMNS + """
			from (
			  select * from orders_event e
			  where %s (e.xid, e.position) > (:xid, :position) and""" + SETTLED + """
			  order by e.xid, e.position limit :limit
			) e cross join lateral (select * from orders_order where id = e.order_id offset 0) o
			order by e.xid, e.position""";

	/** Of each order by itself: the log may hold any number of other events. */
	private static final String OPEN = "select * from (" + COLUMNS
			+ """
					from orders_order o cross join lateral (
					  select * from orders_event
					  where order_id = o.id and number is not null and (xid, position) <= (:xid, :position)
					  order by number desc limit 1
					) e
					where %s and (:product::text is null or o.product = :product) and (:status::text is null or e.status = :status)
					order by o.accepted_at desc, o.id desc limit :limit) newest
					order by xid, position""";

	private final DatabaseClient database;

	private final OrderRow rows;

	EventStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/**
	 * Where the log ends now: whatever commits later lies behind it.
	 * @return exactly one place
	 */
	public Mono<Place> end() {
		return this.database.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin")
			.mapValue(Long.class)
			.one()
			.map((xmin) -> new Place(xmin - 1, Long.MAX_VALUE));
	}

	/**
	 * All events after a place.
	 * @param place exclusive
	 * @param limit how many at most
	 * @return oldest first
	 */
	public Flux<OrderEvent> after(Place place, int limit) {
		return this.database.sql(AFTER.formatted(""))
			.bind("xid", place.xid())
			.bind("position", place.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all();
	}

	/**
	 * What callers see after a place.
	 * @param caller of whose orders; empty for everybody's
	 * @param place exclusive
	 * @param limit how many at most
	 * @return oldest first
	 */
	public Flux<OrderEvent> visible(Optional<CallerId> caller, Place place, int limit) {
		return of(caller, AFTER.formatted(whose("e", caller) + " and e.number is not null and"))
			.bind("xid", place.xid())
			.bind("position", place.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all();
	}

	/**
	 * The place of an event.
	 * @param caller whose; empty for anybody's
	 * @param position its number in the log
	 * @return empty if there is none of that position
	 */
	public Mono<Place> place(Optional<CallerId> caller, long position) {
		return of(caller, "select e.xid from orders_event e where e.position = :position and " + whose("e", caller))
			.bind("position", position)
			.mapValue(Long.class)
			.one()
			.map((xid) -> new Place(xid, position));
	}

	/**
	 * The place of the last event that callers could see.
	 * @param caller of whose orders; empty for everybody's
	 * @return empty if there is none
	 */
	public Mono<Place> last(Optional<CallerId> caller) {
		return of(caller,
				"select e.xid, e.position from orders_event e where " + whose("e", caller)
						+ " and e.number is not null and" + SETTLED + "order by e.xid desc, e.position desc limit 1")
			.map((row) -> new Place(requireNonNull(row.get("xid", Long.class)),
					requireNonNull(row.get("position", Long.class))))
			.one();
	}

	/**
	 * The last visible event, up to a place, of each wanted order that is not final by
	 * now.
	 * @param wanted which events; with only final ones there are none
	 * @param upTo inclusive, a settled place such as {@link #last}
	 * @param limit how many at most; of the orders accepted last
	 * @return oldest first
	 */
	public Flux<OrderEvent> open(Selection wanted, Place upTo, int limit) {
		return of(wanted.caller(), OPEN.formatted(open(wanted.caller())))
			.bind("product", Parameters.in(R2dbcType.VARCHAR, wanted.product().orElse(null)))
			.bind("status", Parameters.in(R2dbcType.VARCHAR, wanted.status().orElse(null)))
			.bind("xid", upTo.xid())
			.bind("position", upTo.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all()
			.filter(wanted::includes);
	}

	/** The conditions of the index that has them in their order. */
	private static String open(Optional<CallerId> caller) {
		return "o.final_at is null and "
				+ (caller.isPresent() ? "o.caller = :caller" : "(o.final_at is null or o.flag is not null)");
	}

	/** A condition of its own for one caller: the planner must see which. */
	private static String whose(String table, Optional<CallerId> caller) {
		return caller.isPresent() ? table + ".caller = :caller" : "true";
	}

	private GenericExecuteSpec of(Optional<CallerId> caller, String sql) {
		GenericExecuteSpec statement = this.database.sql(sql);
		return caller.isPresent() ? statement.bind("caller", caller.get().value()) : statement;
	}

	/**
	 * What callers see of one order after a number.
	 * @param order which
	 * @param afterNumber exclusive; 0 for all
	 * @return oldest first
	 */
	public Flux<OrderEvent> visible(OrderId order, int afterNumber) {
		return this.database.sql(SELECT + "where e.order_id = :id and e.number > :number order by e.number")
			.bind("id", order.value())
			.bind("number", afterNumber)
			.map(this.rows::event)
			.all();
	}

	/**
	 * The whole history of one order, what callers do not see included.
	 * @param order which
	 * @return oldest first
	 */
	public Flux<OrderEvent> history(OrderId order) {
		return this.database.sql(SELECT + "where e.order_id = :id order by e.position")
			.bind("id", order.value())
			.map(this.rows::event)
			.all();
	}

}
