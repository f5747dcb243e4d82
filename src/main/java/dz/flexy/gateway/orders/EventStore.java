package dz.flexy.gateway.orders;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.OrderEvent.Place;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Reads the event log. Whoever follows more than one order goes by {@link Place} and
 * stays behind the oldest running transaction.
 */
@Component
public class EventStore {

	private static final String SELECT = """
			select e.position, e.xid, e.order_id, e.caller, e.number as event_number, e.at, e.state, e.previous_state,
			       e.status, e.previous_status, e.correction, e.reason, e.cost,
			       o.family, o.ref, o.product, o.number, o.card_type, o.quantity, o.value, o.max_cost
			from orders_event e join orders_order o on o.id = e.order_id
			""";

	private static final String SETTLED = " e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint ";

	private static final String OPEN = "select * from (" + SELECT + """
			where o.caller = :caller and o.final_at is null and e.number is not null
			  and (e.xid, e.position) <= (:xid, :position)
			  and not exists (select 1 from orders_event later where later.order_id = e.order_id
			                  and later.number > e.number and (later.xid, later.position) <= (:xid, :position))
			order by e.xid desc, e.position desc limit :limit) newest
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
		return this.database
			.sql(SELECT + "where (e.xid, e.position) > (:xid, :position) and" + SETTLED
					+ "order by e.xid, e.position limit :limit")
			.bind("xid", place.xid())
			.bind("position", place.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all();
	}

	/**
	 * What a caller sees of his orders after a place.
	 * @param caller whose orders
	 * @param place exclusive
	 * @param limit how many at most
	 * @return oldest first
	 */
	public Flux<OrderEvent> after(CallerId caller, Place place, int limit) {
		return this.database.sql(SELECT
				+ "where e.caller = :caller and e.number is not null and (e.xid, e.position) > (:xid, :position) and"
				+ SETTLED + "order by e.xid, e.position limit :limit")
			.bind("caller", caller.value())
			.bind("xid", place.xid())
			.bind("position", place.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all();
	}

	/**
	 * The place of a caller's event.
	 * @param caller whose event
	 * @param position its number in the log
	 * @return empty if he has none of that position
	 */
	public Mono<Place> place(CallerId caller, long position) {
		return this.database.sql("select xid from orders_event where position = :position and caller = :caller")
			.bind("position", position)
			.bind("caller", caller.value())
			.mapValue(Long.class)
			.one()
			.map((xid) -> new Place(xid, position));
	}

	/**
	 * The place of the last event that a caller could see.
	 * @param caller whose orders
	 * @return empty if there is none
	 */
	public Mono<Place> last(CallerId caller) {
		return this.database
			.sql("select e.xid, e.position from orders_event e where e.caller = :caller "
					+ "and e.number is not null and" + SETTLED + "order by e.xid desc, e.position desc limit 1")
			.bind("caller", caller.value())
			.map((row) -> new Place(requireNonNull(row.get("xid", Long.class)),
					requireNonNull(row.get("position", Long.class))))
			.one();
	}

	/**
	 * The last visible event, up to a place, of each order of a caller that is not final
	 * by now.
	 * @param caller whose orders
	 * @param upTo inclusive, a settled place such as {@link #last}
	 * @param limit how many at most; the newest are taken
	 * @return oldest first
	 */
	public Flux<OrderEvent> open(CallerId caller, Place upTo, int limit) {
		return this.database.sql(OPEN)
			.bind("caller", caller.value())
			.bind("xid", upTo.xid())
			.bind("position", upTo.position())
			.bind("limit", limit)
			.map(this.rows::event)
			.all();
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
