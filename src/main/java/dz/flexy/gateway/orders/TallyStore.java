package dz.flexy.gateway.orders;

import java.time.Instant;

import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/**
 * Counts the orders that lists show, by caller, family and hour, once the count of the
 * hour is settled. Lists count for themselves what is not in here yet.
 */
@Component
class TallyStore {

	/**
	 * Orders are accepted, and their sends refused, at the beginning of the transaction
	 * that writes it; so whatever may still change is younger than the oldest that runs.
	 * Of another role's transactions only those that write are known, and not since when:
	 * then nothing is settled. The hour covers refusals (see
	 * {@link OrderStore#REFUSABLE}) and clocks that are set.
	 */
	private static final String SETTLED = """
			select least(now(), min(coalesce(xact_start, case when backend_xid is not null then 'epoch'::timestamptz
			                                             end))) - interval '1 hour' as settled
			from pg_stat_activity
			where datname = current_database() and coalesce(backend_type, 'client backend') = 'client backend'""";

	/**
	 * Goes from list to list along {@code orders_list}. The end moves over times without
	 * orders at once, and a day over others; who finds that it has moved counts nothing.
	 */
	private static final String COUNT = """
			with recursive list as (
			  (select caller, family from orders_order order by caller, family limit 1)
			  union all
			  select next.* from list, lateral (
			    select caller, family from orders_order where (caller, family) > (list.caller, list.family)
			    order by caller, family limit 1) next
			), first as (
			  select min(accepted_at) as at from list, lateral (
			    select accepted_at from orders_order listed
			    where listed.caller = list.caller and listed.family = list.family and accepted_at >= :end
			    order by accepted_at limit 1) oldest
			), moved as (
			  update orders_tally_end set until = least(date_trunc('hour', :settled::timestamptz, 'UTC'),
			                                            date_trunc('hour', first.at, 'UTC') + interval '1 day')
			  from first
			  where until = :end and date_trunc('hour', :settled::timestamptz, 'UTC') > :end
			  returning until
			), counted as (
			  insert into orders_tally (caller, family, hour, shown)
			  select list.caller, list.family, within.* from list, lateral (
			    select date_trunc('hour', accepted_at, 'UTC') as hour,
			           coalesce((select shown from orders_tally counted
			                     where counted.caller = list.caller and counted.family = list.family and hour < :end
			                     order by hour desc limit 1), 0)
			             + (sum(count(*)) over (order by date_trunc('hour', accepted_at, 'UTC')))::bigint
			    from orders_order listed
			    where listed.caller = list.caller and listed.family = list.family and answer is distinct from 'REFUSED'
			      and accepted_at >= :end and accepted_at < (select until from moved) group by hour) within
			)
			select until from moved""";

	private final DatabaseClient database;

	TallyStore(DatabaseClient database) {
		this.database = database;
	}

	/** Orders that were accepted before this are shown, or not, for ever. */
	Mono<Instant> settled() {
		return this.database.sql(SETTLED).mapValue(Instant.class).one();
	}

	/** Hours before this are counted. */
	Mono<Instant> end() {
		return this.database.sql("select until from orders_tally_end").mapValue(Instant.class).one();
	}

	/**
	 * Counts further hours.
	 * @param end as read
	 * @param settled read before this is subscribed to: what is counted must be seen
	 * later than that was true
	 * @return the new end; empty if no whole hour is settled behind the old one, or
	 * another replica has moved it
	 */
	Mono<Instant> count(Instant end, Instant settled) {
		return this.database.sql(COUNT).bind("end", end).bind("settled", settled).mapValue(Instant.class).one();
	}

}
