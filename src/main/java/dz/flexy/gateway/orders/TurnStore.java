package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Collection;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import reactor.core.publisher.Flux;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Decides whose orders are sent next: least weighted service first. What each caller has
 * had stands in {@code orders_turn}, so every replica decides alike.
 */
@Component
class TurnStore {

	/**
	 * Walks from caller to caller along the index and looks at the oldest order of each,
	 * so the cost grows with the callers that wait and not with their orders. The oldest
	 * few of those whose turn is next are ranked, and taken if they stand as they were
	 * read: twice as many as are wanted, as another replica may be taking the first ones.
	 * Two replicas at once may each see service without the other's claims; what they add
	 * is never lost. An order that was claimed before comes before its caller's others,
	 * and like one that is too late to be sent it is not counted. One whose lane is taken
	 * waits, as all do while the account's sends are stopped.
	 */
	static final String CLAIM = """
			with recursive waiting as (
			  (select caller from orders_order where account = :account and state = 'ACCEPTED' order by caller limit 1)
			  union all
			  select (select further.caller from orders_order further
			          where further.account = :account and further.state = 'ACCEPTED' and further.caller > waiting.caller
			          order by further.caller limit 1)
			  from waiting where waiting.caller is not null
			), busy as (
			  select lane from orders_order where account = :account and in_lane
			), stopped as (
			  select from account_send_stop where account = :account
			), present as (
			  select coalesce((select turn from orders_turn_now where account = :account), 0) as turn
			), next as (
			  select waiting.caller, start
			  from waiting
			  cross join present
			  left join orders_turn service on service.account = :account and service.caller = waiting.caller
			  cross join lateral (select greatest(coalesce(service.served, 0), present.turn) as start) service_start
			  cross join lateral (
			    (select turn, due_at, id from orders_order {again} limit 1)
			    union all
			    (select start, due_at, id from orders_order {fresh} limit 1)
			    order by turn, due_at, id limit 1
			  ) oldest
			  order by oldest.turn, oldest.due_at, oldest.id limit 2 * :limit
			), due as (
			  select oldest.*, start
			  from next as waiting
			  cross join lateral (
			    (select id, caller, version, due_at, turn, 0 as charge from orders_order {again} limit 2 * :limit)
			    union all
			    (select id, caller, version, due_at, turn, case when send_deadline > now() then round(1 / weight, 6) else 0 end
			     from orders_order {fresh} limit 2 * :limit)
			  ) oldest
			), ranked as (
			  select id, caller, version, due_at, charge,
			         coalesce(turn, start + sum(charge) over (partition by caller order by due_at, id) - charge) as turn
			  from due order by turn, due_at, id
			), chosen as (
			  select id, caller, charge, turn from ranked cross join lateral (
			    select from orders_order where id = ranked.id and version = ranked.version for update skip locked) free
			  limit :limit
			), served as (
			  insert into orders_turn (account, caller, served)
			  select :account, caller, (select turn from present) + sum(charge)
			  from chosen where charge > 0 group by caller order by caller
			  on conflict (account, caller) do update set served = excluded.served - (select turn from present)
			    + greatest(orders_turn.served, (select turn from present))
			), moved_on as (
			  insert into orders_turn_now (account, turn)
			  select :account, max(turn) from chosen having count(*) > 0
			  on conflict (account) do update set turn = greatest(orders_turn_now.turn, excluded.turn)
			)
			update orders_order set version = version + 1, due_at = now() + :lease * interval '1 second', turn = chosen.turn
			from chosen where orders_order.id = chosen.id
			returning orders_order.*, now() as read_at"""
		.replace("{again}", oldest("turn is not null"))
		.replace("{fresh}", oldest("turn is null"));

	private static final String WAITING = """
			select counted.caller, counted.orders, sample.weight
			from (select caller, count(*) as orders from orders_order
			      where account = :account and state = 'ACCEPTED' group by caller) counted
			cross join lateral (select weight from orders_order
			                    where account = :account and caller = counted.caller and state = 'ACCEPTED'
			                    limit 1) sample""";

	private final DatabaseClient database;

	private final OrderRow rows;

	TurnStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/** Those of one caller that may be sent, or are too late for it. */
	private static String oldest(String which) {
		return """
				where account = :account and caller = waiting.caller and state = 'ACCEPTED' and due_at <= now()
				  and %s and family = any(:families) and (send_deadline <= now() or (
				    not exists (select from stopped) and (lane is null or lane not in (select lane from busy))))
				order by due_at""".formatted(which);
	}

	/** In no order. */
	Flux<Order> claim(AccountId account, Collection<Family> families, int limit, Duration lease) {
		return this.database.sql(CLAIM)
			.bind("account", account.value())
			.bind("families", families.stream().map(Family::label).toArray(String[]::new))
			.bind("limit", limit)
			.bind("lease", lease.toMillis() / 1000.0)
			.map(this.rows::order)
			.all();
	}

	/** One row a caller. */
	Flux<Waiting> waiting(AccountId account) {
		return this.database.sql(WAITING)
			.bind("account", account.value())
			.map((row) -> new Waiting(new CallerId(requireNonNull(row.get("caller", String.class))),
					requireNonNull(OrderRow.money(row, "weight")), requireNonNull(row.get("orders", Long.class))))
			.all();
	}

}
