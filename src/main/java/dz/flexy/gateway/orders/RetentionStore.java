package dz.flexy.gateway.orders;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/**
 * Erases from old orders what is personal or secret, and knows the keys of the others.
 */
@Component
class RetentionStore {

	/** What an erased number is shown as: callers' parsers expect one. */
	static final String ERASED = "**********";

	/**
	 * Replicas erase side by side. Of an order's events its last visible one stays, so
	 * that streams still tell how it ended; words of the upstream's may name the number.
	 */
	private static final String ERASE = """
			with old as (
			  select id from orders_order
			  where final_at < now() - :age * interval '1 second' and erased_at is null and flag is null
			  order by final_at limit :limit for update skip locked
			), erased as (
			  update orders_order set erased_at = now(), version = version + 1,
			         ref = case when ref = id then ref else orders_ref_key(caller, ref) end,
			         number = case when number is not null then :erased end,
			         card_code = null, card_key = null, num_trans = null, suggested_offers = null, candidates = null,
			         reason = case when state = 'REJECTED' then 'NOT_CHARGED: ' || coalesce(refusal::json ->> 'code', 'REJECTED') end,
			         refusal = case when refusal is not null then json_build_object('code', refusal::json -> 'code',
			           'status', refusal::json -> 'status', 'message', 'erased', 'details', json_build_object())::text end
			  where id in (select id from old)
			  returning id, changes, reason
			), forgotten as (
			  delete from orders_event event using erased
			  where event.order_id = erased.id and event.number is distinct from erased.changes
			), kept as (
			  update orders_event event set reason = erased.reason from erased
			  where event.order_id = erased.id and event.number = erased.changes
			)
			select count(*) from erased""";

	/** From key to key along {@code orders_card_key}. */
	private static final String KEYS = """
			with recursive used as (
			  (select card_key from orders_order where card_key is not null order by card_key limit 1)
			  union all
			  select (select card_key from orders_order where card_key > used.card_key order by card_key limit 1)
			  from used where used.card_key is not null
			)
			select card_key from used where card_key is not null""";

	private final DatabaseClient database;

	RetentionStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Erases the orders that have been final for longest and longer than that; not those
	 * that a person should look at.
	 * @param limit how many at most
	 * @return how many; what another replica erases at the same time is not counted
	 */
	Mono<Long> erase(Duration age, int limit) {
		return this.database.sql(ERASE)
			.bind("age", (double) age.toSeconds())
			.bind("limit", limit)
			.bind("erased", ERASED)
			.mapValue(Long.class)
			.one();
	}

	/** The ids of all keys that some card is encrypted with. */
	Flux<String> cardKeys() {
		return this.database.sql(KEYS).mapValue(String.class).all();
	}

}
