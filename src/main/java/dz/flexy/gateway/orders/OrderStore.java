package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.SpendLimit;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Writes the ledger. Each method is one statement, so a state and its event commit
 * together or not at all. All times are the database's.
 */
@Component
class OrderStore {

	/**
	 * The row of a window is locked until the commit, so nothing slips in beside it;
	 * callers without a limit have none, and one with a limit comes alone. In one order
	 * everywhere, lest two statements wait for each other's refs.
	 */
	private static final String ACCEPT = """
			with given as (
			  select * from json_to_recordset(:orders::json) as given(
			    id text, account text, caller text, family text, ref text, upstream_ref text, product text, number text,
			    card_type text, quantity int, lane text, ask_first boolean, value numeric, max_cost numeric,
			    deadline double precision, answer text, weight numeric, status text,
			    spend_limit numeric, spend_length numeric, route text, key text, digest text)
			), counted as (
			  insert into orders_spend (caller, length, starts_at, spent)
			  select caller, spend_length,
			         to_timestamp((floor(extract(epoch from now()) / spend_length) * spend_length)::double precision), value
			  from given where value <= spend_limit
			  on conflict (caller, length, starts_at) do update set spent = orders_spend.spent + excluded.spent
			  where orders_spend.spent + excluded.spent <= (select spend_limit from given)
			  returning length, starts_at
			), accepted as (
			  insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, card_type, quantity,
			                            lane, ask_first, value, max_cost, send_deadline, state, answer, weight, spend_length, spend_window)
			  select id, account, caller, family, ref, upstream_ref, product, number, card_type, quantity,
			         lane, ask_first, value, max_cost, now() + deadline * interval '1 second', 'ACCEPTED', answer, weight,
			         (select length from counted), (select starts_at from counted)
			  from given where spend_limit is null or exists (select from counted)
			  order by caller, family, ref
			  returning *
			), logged as (
			  insert into orders_event (order_id, caller, number, state, status)
			  select accepted.id, accepted.caller, 1, accepted.state, given.status from accepted join given using (id)
			), keyed as (
			  insert into orders_idempotency (caller, route, key, digest, order_id)
			  select caller, route, key, digest, id from given where key is not null and exists (
			    select from accepted where accepted.id = given.id)
			  order by caller, route, key
			), %s
			select *, now() as read_at from accepted"""
		.formatted(TurnStore.ASKED);

	/**
	 * Locked before the order, as when accepting: that waits for the order behind a
	 * repeated ref.
	 */
	private static final String SPEND_LOCKED = """
			locked as (
			  select from orders_spend where (caller, length, starts_at) =
			    (select caller, spend_length, spend_window from orders_order where id = :id)
			  for update
			),
			""";

	private static final String LOGGED = """
			, logged as (
			  insert into orders_event (order_id, caller, number, state, previous_state, status, previous_status,
			                            correction, reason, cost)
			  select id, caller, case when :seen > 0 then changes end, state, :previousState, :status, :previousStatus,
			         :correction, reason, cost
			  from moved
			)""";

	private static final String RECOUNTED = """
			, recounted as (
			  update orders_spend counted set spent = counted.spent + :times * moved.value
			  from moved where counted.caller = moved.caller and counted.length = moved.spend_length
			    and counted.starts_at = moved.spend_window
			)""";

	private static final String SPENT = """
			with spend as (
			  select length, floor(extract(epoch from now()) / length) * length as start
			  from (select :window::numeric as length) given
			)
			select coalesce((select spent from orders_spend where caller = :caller
			                 and length = spend.length and starts_at = to_timestamp(start::double precision)), 0) as spent,
			       (start + length - extract(epoch from now()))::double precision as rest
			from spend""";

	/**
	 * When an order came to the state that it leaves: its event of now is not seen here.
	 */
	private static final String SINCE = """
			(select at from orders_event where order_id = moved.id order by position desc limit 1) as since""";

	private static final String BEGIN_SENDING = """
			with moved as (
			  update orders_order set state = 'SENDING', version = version + 1, changes = changes + :seen,
			         updated_at = now(), reason = null, sends = sends + 1, absences = 0, absent_at = null, sent_at = now(), first_sent_at = coalesce(first_sent_at, now()), cost = coalesce(:cost, cost),
			         in_lane = (lane is not null),
			         send_by = now() + :within * interval '1 second', due_at = now() + :lease * interval '1 second'%s
			  where id = :id and version = :version%s and not exists (
			    select from account_send_stop stop where stop.account = orders_order.account) returning *
			)"""
			+ LOGGED + "%s select *, now() as read_at, " + SINCE + " from moved";

	private static final String NOTED = """
			, noted as (
			  insert into operator_move (who, request_id, move, order_id, arguments, reason, outcome)
			  select :moveBy, :moveRequest, :moveName, id, :moveArguments, :moveReason, 'DONE' from moved
			)""";

	private static final String BEGIN_IN_TIME = BEGIN_SENDING.formatted("", " and send_deadline > now()", "");

	/** What was found out after earlier sends says nothing of this one. */
	private static final String BEGIN_ALLOWED = BEGIN_SENDING.formatted(", candidates = null, refusal = null",
			" and state = 'SEND_UNKNOWN' and not arrived and upstream_id is null", NOTED);

	private static final String CLAIM_TO_SETTLE = """
			update orders_order set version = version + 1, due_at = now() + :lease * interval '1 second'
			where id in (select id from orders_order
			             where account = :account and state in ('SENDING', 'SEND_UNKNOWN') and due_at <= now()
			             order by due_at limit :limit for update skip locked)
			returning *, now() as read_at""";

	/** As in the index {@code orders_to_sweep}. */
	private static final String TO_FOLLOW = """
			select *, now() as read_at from orders_order
			where account = :account and family = :family and due_at <= now()
			  and (state in ('PENDING', 'HANDLING') or state in ('QUEUED', 'UNKNOWN_ERROR') and card_reads > 0)
			order by due_at limit :limit""";

	/**
	 * As in the indexes {@code orders_slow_due} and {@code orders_slow_sent}. One whose
	 * card is awaited is settled but for that.
	 */
	private static final String SLOW = """
			account = :account and family = :family and state in ('QUEUED', 'UNKNOWN_ERROR') and card_reads = 0
			""";

	private static final String SENT = "coalesce(sent_at, accepted_at)";

	/**
	 * Around the one that is due longest all that are due too, as long as no gap is too
	 * wide, some thousands at most: as many are looked at here however many there are.
	 */
	private static final String STRETCH = """
			with begun as (
			  select {sent} as sent from orders_order where {slow} and due_at <= now() order by due_at limit 1
			), around as (
			  (select {sent} as sent, due_at from orders_order where {slow} and {sent} <= (select sent from begun)
			   order by {sent} desc limit :most)
			  union all
			  (select {sent}, due_at from orders_order where {slow} and {sent} > (select sent from begun)
			   order by {sent} limit :most)
			), due as (
			  select sent, sent - lag(sent) over (order by sent) > interval '10 minutes' as apart
			  from around where due_at <= now()
			), ends as (
			  select max(due.sent) filter (where apart and due.sent <= begun.sent) as first,
			         min(due.sent) filter (where apart and due.sent > begun.sent) as beyond
			  from due, begun
			)
			select min(sent) as first, max(sent) as last, count(*) as orders from due, ends
			where (first is null or sent >= first) and (beyond is null or sent < beyond)
			having count(*) > 0""".replace("{sent}", SENT).replace("{slow}", SLOW);

	private static final int MOST_AROUND = 2500;

	private static final String SEEN_UNCHANGED = """
			update orders_order set due_at = now() + case
			  when now() - coalesce(sent_at, accepted_at) < interval '2 minutes' then interval '0'
			  when now() - coalesce(sent_at, accepted_at) < interval '10 minutes' then interval '1 minute'
			  when now() - coalesce(sent_at, accepted_at) < interval '1 hour' then interval '5 minutes'
			  when now() - coalesce(sent_at, accepted_at) < interval '6 hours' then interval '15 minutes'
			  else interval '1 hour' end,
			  fence = :token,
			  flag = case when flag is null and now() - coalesce(sent_at, accepted_at) > interval '72 hours'
			              then 'open for 72 h' else flag end
			where id = any(:ids) and fence <= :token""";

	/**
	 * A send is answered with a refusal while the order is younger, in SQL; later what
	 * lists show of it is settled. No request waits that long.
	 */
	static final String REFUSABLE = "interval '30 minutes'";

	private final DatabaseClient database;

	private final OrderRow rows;

	private final OrderMeters meters;

	OrderStore(DatabaseClient database, OrderRow rows, OrderMeters meters) {
		this.database = database;
		this.rows = rows;
		this.meters = meters;
	}

	/**
	 * All of them or, if it fails, none. Fails with a duplicate key for a used ref or
	 * idempotency key; without a row, and with nothing stored, where the caller's spend
	 * limit is too low: one with a limit comes alone. Says so to each right before the
	 * statement goes out, once a connection is had.
	 * @return exactly one map, once all is committed
	 */
	Mono<Map<OrderId, Order>> accept(Collection<Uncommitted> orders) {
		ArrayNode rows = JsonNodeFactory.instance.arrayNode();
		orders.forEach((order) -> rows.add(row(order)));
		return this.database.sql(ACCEPT).filter((statement, next) -> {
			orders.forEach(Uncommitted::begin);
			return next.execute(statement);
		})
			.bind("orders", rows.toString())
			.map(this.rows::order)
			.all()
			.collectMap(Order::id)
			.doOnNext((accepted) -> accepted.values().forEach(this.meters::accepted));
	}

	private static ObjectNode row(Uncommitted waiting) {
		NewOrder order = waiting.order();
		Item item = order.item();
		ObjectNode row = JsonNodeFactory.instance.objectNode()
			.put("id", waiting.id().value())
			.put("account", order.caller().account().value())
			.put("caller", order.caller().id().value())
			.put("family", order.family().label())
			.put("ref", waiting.ref())
			.put("upstream_ref", waiting.id().upstreamRef())
			.put("product", item.product())
			.put("number", item.number())
			.put("ask_first", order.askFirst())
			.put("value", item.value())
			.put("max_cost", item.maxCost().orElse(null))
			.put("deadline", seconds(order.sendDeadline()))
			.put("answer", order.answered().map(Order.Answered::name).orElse(null))
			.put("weight", order.caller().weight())
			.put("status", OrderState.ACCEPTED.status(order.family()));
		if (item instanceof Item.GiftCards cards) {
			row.put("card_type", cards.type()).put("quantity", cards.quantity()).put("lane", cards.lane());
		}
		order.caller()
			.spendLimit()
			.ifPresent((limit) -> row.put("spend_limit", limit.amount()).put("spend_length", seconds(limit.window())));
		order.idempotency()
			.ifPresent((key) -> row.put("route", key.route()).put("key", key.key()).put("digest", key.digest()));
		return row;
	}

	/** What a caller has ordered in the present window of that limit. */
	Mono<Spent> spent(CallerId caller, SpendLimit limit) {
		return this.database.sql(SPENT)
			.bind("caller", caller.value())
			.bind("window", seconds(limit.window()))
			.map((row) -> new Spent(requireNonNull(OrderRow.money(row, "spent")),
					Duration.ofMillis((long) (requireNonNull(row.get("rest", Double.class)) * 1000))))
			.one();
	}

	/**
	 * Forgets windows that ended that long ago; what is given back later counts nowhere.
	 */
	Mono<Long> forgetSpentOlderThan(Duration age) {
		return this.database.sql("""
				delete from orders_spend where starts_at + length::double precision * interval '1 second'
				                               < now() - :seconds * interval '1 second'""")
			.bind("seconds", seconds(age))
			.fetch()
			.rowsUpdated();
	}

	/** Empty if the order has moved since it was read, or was seen by a later sweeper. */
	Mono<Order> move(Order order, Change change) {
		OrderState next = change.state();
		Move operators = change.move();
		int times = recount(order.state(), next);
		String sets = change.columns()
			.keySet()
			.stream()
			.map((column) -> column + " = :" + column + ", ")
			.collect(Collectors.joining());
		String sql = "with " + ((times != 0) ? SPEND_LOCKED : "") + "moved as (update orders_order set " + sets
				+ (change.columns().containsKey("absences") ? "absent_at = now(), " : "") + state(next, change) + """
						version = version + 1, changes = changes + :seen, updated_at = now(),
						due_at = now() + :due * interval '1 second', fence = greatest(fence, :token)
						where id = :id and version = :version and (:token = 0 or fence <= :token)"""
				+ ((times != 0) ? " and (select count(*) from locked) >= 0" : "") + " returning *)"
				+ ((next != null) ? LOGGED : "") + ((times != 0) ? RECOUNTED : "") + ((operators != null) ? NOTED : "")
				+ " select *, now() as read_at" + ((next != null) ? ", " + SINCE : "") + " from moved";
		GenericExecuteSpec update = this.database.sql(sql)
			.bind("id", order.id().value())
			.bind("version", order.version())
			.bind("due", seconds(change.dueIn()))
			.bind("token", change.token())
			.bind("seen", seen(order, next));
		for (Map.Entry<String, Object> column : change.columns().entrySet()) {
			update = update.bind(column.getKey(), column.getValue());
		}
		if (next != null) {
			update = log(update.bind("state", next.name()), order, next);
		}
		if (times != 0) {
			update = update.bind("times", times);
		}
		if (operators != null) {
			update = bind(update, operators);
		}
		return ((next != null) ? update.map((row) -> moved(order, row)) : update.map(this.rows::order)).one();
	}

	/**
	 * Empty if the order has moved since it was read, its deadline has passed, or the
	 * account's sends are stopped.
	 */
	Mono<Order> beginSending(Order order, @Nullable BigDecimal cost, Duration within, Duration lease) {
		return bind(begin(BEGIN_IN_TIME, order, within, lease), "cost", cost, BigDecimal.class)
			.map((row) -> moved(order, row))
			.one();
	}

	/**
	 * Whatever its deadline; fails with a duplicate key while another order has its lane.
	 * Empty if the order has moved since it was read, the upstream is known to have it,
	 * or the account's sends are stopped.
	 */
	Mono<Order> beginAllowed(Order order, Duration within, Duration lease, Move move) {
		GenericExecuteSpec update = begin(BEGIN_ALLOWED, order, within, lease).bindNull("cost", BigDecimal.class);
		return bind(update, move).map((row) -> moved(order, row)).one();
	}

	private GenericExecuteSpec begin(String sql, Order order, Duration within, Duration lease) {
		return log(this.database.sql(sql)
			.bind("id", order.id().value())
			.bind("version", order.version())
			.bind("within", seconds(within))
			.bind("lease", seconds(lease))
			.bind("seen", seen(order, OrderState.SENDING)), order, OrderState.SENDING);
	}

	private Order moved(Order before, Readable row) {
		Order now = this.rows.order(row);
		this.meters.moved(before, now, row.get("since", Instant.class));
		return now;
	}

	private static GenericExecuteSpec bind(GenericExecuteSpec spec, Move move) {
		return bind(spec.bind("moveBy", move.who().value())
			.bind("moveRequest", move.request().value())
			.bind("moveName", move.name())
			.bind("moveReason", move.reason()), "moveArguments", move.arguments().orElse(null), String.class);
	}

	/** In no order. */
	Flux<Order> claimToSettle(AccountId account, int limit, Duration lease) {
		return this.database.sql(CLAIM_TO_SETTLE)
			.bind("account", account.value())
			.bind("limit", limit)
			.bind("lease", seconds(lease))
			.map(this.rows::order)
			.all();
	}

	/** Which of the upstream's ids are known to belong to orders of ours. */
	Flux<String> known(AccountId account, Collection<String> upstreamIds) {
		return this.database
			.sql("select upstream_id from orders_order where account = :account and upstream_id = any(:ids)")
			.bind("account", account.value())
			.bind("ids", upstreamIds.toArray(String[]::new))
			.mapValue(String.class)
			.all();
	}

	Flux<Order> toFollow(AccountId account, Family family, int limit) {
		return this.database.sql(TO_FOLLOW)
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("limit", limit)
			.map(this.rows::order)
			.all();
	}

	/** Empty if none is due. */
	Mono<Stretch> stretch(AccountId account, Family family) {
		return this.database.sql(STRETCH)
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("most", MOST_AROUND)
			.map((row) -> new Stretch(requireNonNull(row.get("first", Instant.class)),
					requireNonNull(row.get("last", Instant.class)), requireNonNull(row.get("orders", Integer.class))))
			.one();
	}

	/** The first that is due; empty if none is. */
	Mono<Order> toFollowSlowly(AccountId account, Family family, Stretch stretch) {
		return this.database
			.sql("select *, now() as read_at from orders_order where " + SLOW + " and due_at <= now() and " + SENT
					+ " between :first and :last order by " + SENT + " limit 1")
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("first", stretch.first())
			.bind("last", stretch.last())
			.map(this.rows::order)
			.one();
	}

	/** Those of them that are due, in no order. */
	Flux<Order> toFollowSlowly(AccountId account, Family family, Collection<String> upstreamIds) {
		return this.database
			.sql("select *, now() as read_at from orders_order where " + SLOW
					+ " and due_at <= now() and upstream_id = any(:ids)")
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("ids", upstreamIds.toArray(String[]::new))
			.map(this.rows::order)
			.all();
	}

	/** Emits how many were noted: none that a holder with a greater token has seen. */
	Mono<Long> seenUnchanged(Collection<Order> orders, long token) {
		String[] ids = orders.stream().map((order) -> order.id().value()).toArray(String[]::new);
		return this.database.sql(SEEN_UNCHANGED).bind("ids", ids).bind("token", token).fetch().rowsUpdated();
	}

	/** What the send is answered with is decided once; the first decision stands. */
	Mono<Order> answer(OrderId id, boolean refusable) {
		return this.database.sql("""
				update orders_order set answer = coalesce(answer,
				  case when :refusable and state = 'REJECTED' and accepted_at > now() - %s then 'REFUSED'
				       else 'ACCEPTED' end)
				where id = :id returning *, now() as read_at""".formatted(REFUSABLE))
			.bind("id", id.value())
			.bind("refusable", refusable)
			.map(this.rows::order)
			.one();
	}

	Mono<Order> find(OrderId id) {
		return this.database.sql("select *, now() as read_at from orders_order where id = :id")
			.bind("id", id.value())
			.map(this.rows::order)
			.one();
	}

	/**
	 * By the primary key, whose order is that of acceptance: no index is kept for it.
	 * @param after exclusive
	 * @param end exclusive
	 */
	Flux<Order> between(AccountId account, OrderId after, OrderId end, int limit) {
		return this.database.sql("""
				select *, now() as read_at from orders_order
				where id > :after and id < :end and account = :account order by id limit :limit""")
			.bind("after", after.value())
			.bind("end", end.value())
			.bind("account", account.value())
			.bind("limit", limit)
			.map(this.rows::order)
			.all();
	}

	/** In no order. */
	Flux<Order> all(AccountId account, Collection<String> ids, Collection<String> upstreamIds) {
		return this.database.sql("""
				select *, now() as read_at from orders_order where id = any(:ids)
				union
				select *, now() as read_at from orders_order
				where account = :account and upstream_id = any(:upstreamIds)""")
			.bind("account", account.value())
			.bind("ids", ids.toArray(String[]::new))
			.bind("upstreamIds", upstreamIds.toArray(String[]::new))
			.map(this.rows::order)
			.all();
	}

	Mono<Map<String, OrderId>> byUpstreamIds(AccountId account, Collection<String> upstreamIds) {
		return this.database
			.sql("select upstream_id, id from orders_order where account = :account and upstream_id = any(:ids)")
			.bind("account", account.value())
			.bind("ids", upstreamIds.toArray(String[]::new))
			.map((row) -> Map.entry(requireNonNull(row.get("upstream_id", String.class)),
					new OrderId(requireNonNull(row.get("id", String.class)))))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue);
	}

	/** Also one of which only the digest of its ref is left. */
	Mono<Order> findByRef(CallerId caller, Family family, String ref) {
		return this.database
			.sql("""
					select *, now() as read_at from orders_order
					where caller = :caller and family = :family and orders_ref_key(caller, ref) = orders_ref_key(:caller, :ref)
					  and answer is distinct from 'REFUSED'""")
			.bind("caller", caller.value())
			.bind("family", family.label())
			.bind("ref", ref)
			.map(this.rows::order)
			.one();
	}

	/**
	 * A reason belongs to one state and does not outlive it; nor does a flag the order's
	 * being open.
	 */
	private static String state(@Nullable OrderState next, Change change) {
		if (next == null) {
			return "";
		}
		String reason = change.columns().containsKey("reason") ? "" : "reason = null, ";
		return "state = :state, " + reason + (next.isUnclear() ? "" : "in_lane = false, ")
				+ (next.isFinal() ? "final_at = now(), " : "")
				+ ((next.isFinal() && !change.columns().containsKey("flag")) ? "flag = null, " : "");
	}

	/**
	 * How often the order's value is counted anew: given back, taken again or neither.
	 */
	private static int recount(OrderState state, @Nullable OrderState next) {
		return (next == null) ? 0 : (state.isPaidBack() ? 1 : 0) - (next.isPaidBack() ? 1 : 0);
	}

	private static int seen(Order order, @Nullable OrderState next) {
		boolean correction = order.state().isFinal();
		return (next != null && (correction || !next.status(order.family()).equals(order.status()))) ? 1 : 0;
	}

	private static GenericExecuteSpec log(GenericExecuteSpec spec, Order order, OrderState next) {
		return spec.bind("previousState", order.state().name())
			.bind("previousStatus", order.status())
			.bind("status", next.status(order.family()))
			.bind("correction", order.state().isFinal());
	}

	private static <T> GenericExecuteSpec bind(GenericExecuteSpec spec, String name, @Nullable T value, Class<T> type) {
		return (value != null) ? spec.bind(name, value) : spec.bindNull(name, type);
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	/**
	 * @param amount face value in DZD of what was ordered in the window and not paid back
	 * @param rest until the window ends
	 */
	record Spent(BigDecimal amount, Duration rest) {
	}

}
