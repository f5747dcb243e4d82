package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Collection;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
	 * That the callers of {@code accepted} wait, and start at the present if they have
	 * not been served beyond it. It writes if that is new, and once in half a minute, and
	 * leaves out whom another is just writing, so nobody waits here for another's commit;
	 * but for the first order that a caller ever has. That part stands last, since
	 * PostgreSQL runs such parts backwards: whoever waits in it has locked no caller.
	 */
	static final String ASKED = """
			asked as (
			  update orders_turn set served = greatest(served, {present}),
			         waits_since = coalesce(waits_since, now()), asked_at = now()
			  where (account, caller) in (
			    select account, caller from orders_turn known
			    where (account, caller) in (select account, caller from accepted)
			      and (waits_since is null or asked_at < now() - interval '30 seconds')
			    for update skip locked)
			), first as (
			  insert into orders_turn (account, caller, served, waits_since, asked_at)
			  select distinct account, caller, {present_of_accepted}, now(), now() from accepted
			  where not exists (select from orders_turn known
			                    where known.account = accepted.account and known.caller = accepted.caller)
			  order by account, caller
			  on conflict do nothing
			)""".replace("{present}", present("orders_turn.account"))
		.replace("{present_of_accepted}", present("accepted.account"));

	/** What may be sent, or is too late for it. */
	private static final String CLAIMABLE = """
			account = :account and state = 'ACCEPTED' and due_at <= now()
			  and family = any(:families) and (send_deadline <= now() or (
			    not exists (select from stopped) and (lane is null or lane not in (select lane from busy))))""";

	/**
	 * Goes from caller to caller in the order of what they have had, as the index has it,
	 * and stops at as many as are wanted: the cost grows neither with the callers that
	 * wait nor with their orders. The oldest of those, and further ones of whoever may be
	 * served more than once, are ranked, behind what was claimed before and came back,
	 * and taken if they stand as they were read: twice as many as are wanted, as another
	 * replica may be taking the first ones. Two replicas at once may each see service
	 * without the other's claims; what they add is never lost. An order that was claimed
	 * before, like one that is too late to be sent, is not counted. One whose lane is
	 * taken waits, as all do while the account's sends are stopped; callers who have no
	 * other are passed by, one after the other.
	 */
	static final String CLAIM = """
			with busy as (
			  select lane from orders_order where account = :account and in_lane
			), stopped as (
			  select from account_send_stop where account = :account
			), present as (
			  select {present} as turn
			), next as (
			  select oldest.*, greatest(waiting.served, present.turn) as start
			  from orders_turn waiting
			  cross join present
			  cross join lateral (select {order} from orders_order where {fresh} limit 1) oldest
			  where waiting.account = :account and waiting.waits_since is not null
			  order by waiting.served, waiting.waits_since limit 2 * :limit
			), due as (
			  (select {order}, null as start from orders_order where {again} limit 2 * :limit)
			  union all
			  select * from next
			  union all
			  (select further.*, start
			   from (select *, max(start) over () as last, count(*) over () as callers from next) waiting
			   cross join lateral (
			     select {order} from orders_order where id <> waiting.id and {fresh} limit 2 * :limit) further
			   where callers < 2 * :limit or start + waiting.charge <= last)
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
		.replace("{present}", present(":account"))
		.replace("{order}", """
				id, caller, version, due_at, turn,
				case when turn is null and send_deadline > now() then round(1 / weight, 6) else 0 end as charge""")
		.replace("{again}", "turn is not null and %s order by turn, due_at, id".formatted(CLAIMABLE))
		.replace("{fresh}", "caller = waiting.caller and turn is null and %s order by due_at".formatted(CLAIMABLE));

	/**
	 * Also notes those who are not known to wait: whose orders came by another way than
	 * {@link #ASKED}, or by a replica of a release that had none.
	 */
	private static final String WAITING = """
			with counted as (
			  select caller, count(*) as orders, count(*) filter (where turn is null) as fresh from orders_order
			  where account = :account and state = 'ACCEPTED' group by caller
			), asked as (
			  insert into orders_turn (account, caller, served, waits_since, asked_at)
			  select :account, caller, {present}, now(), now() from counted
			  where fresh > 0 and not exists (select from orders_turn known
			                                  where known.account = :account and known.caller = counted.caller
			                                    and known.waits_since is not null)
			  order by caller
			  on conflict (account, caller) do update
			  set served = greatest(orders_turn.served, excluded.served),
			      waits_since = coalesce(orders_turn.waits_since, excluded.waits_since), asked_at = excluded.asked_at
			)
			select counted.caller, counted.orders, sample.weight
			from counted
			cross join lateral (select weight from orders_order
			                    where account = :account and caller = counted.caller and state = 'ACCEPTED'
			                    limit 1) sample""".replace("{present}", present(":account"));

	/**
	 * Whoever accepts relies for half a minute on what is noted ({@link #ASKED}), so
	 * nothing is forgotten that a commit under way relies on.
	 */
	private static final String FORGET = """
			update orders_turn set waits_since = null where (account, caller) in (
			  select account, caller from orders_turn idle
			  where account = :account and waits_since is not null and asked_at < now() - interval '1 minute' and not exists (
			    select from orders_order where account = idle.account and caller = idle.caller
			      and state = 'ACCEPTED' and turn is null)
			  order by caller for update skip locked)""";

	private final DatabaseClient database;

	private final OrderRow rows;

	TurnStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/** The account's virtual time. */
	private static String present(String account) {
		return "coalesce((select turn from orders_turn_now present where present.account = %s), 0)".formatted(account);
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

	/** Callers who have nothing to be claimed, and have not ordered for a minute. */
	Mono<Void> forgetIdle(AccountId account) {
		return this.database.sql(FORGET).bind("account", account.value()).then();
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
