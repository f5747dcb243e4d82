package dz.flexy.gateway.orders;

import java.time.Duration;

import org.springframework.r2dbc.core.DatabaseClient;

/**
 * A ledger with years behind it: of so many rows a quarter are orders, and the others
 * their events. Half of them are those of the caller {@code c0}, the others are spread
 * over all callers. They were accepted evenly over 500 days up to two days ago.
 *
 * @param rows orders and events together
 * @param open orders: of a hundred 40 are queued, since 48 h at most, 20 each on their
 * way, unclear and accepted; those accepted are half one caller's and half everybody's,
 * of accounts {@code main} and {@code busy}
 * @param callers who ordered
 */
record History(int rows, int open, int callers) {

	private static final Duration PATIENCE = Duration.ofMinutes(40);

	/** What is random here is the same in each. */
	void fill(DatabaseClient database) {
		run(database, "insert into orders_tally_end (until) values ('epoch') on conflict do nothing");
		run(database, orders("""
				'main', case when i % 2 = 0 then 'c0' else 'c' || (i / 2) % {callers} end""", """
				case when i % 100 < 90 then 'FULFILLED' when i % 100 < 98 then 'REFUNDED' else 'REJECTED' end""", """
				case when i % 100 < 98 then 'ACCEPTED' else 'REFUSED' end""", "at", "at + interval '30 seconds'",
				"case when at < now() - interval '401 days' and i > 400 then now() end",
				"case when i % 100 < 90 then repeat('c', 60) end", """
						select i, now() - interval '2 days' - ({orders} - i) * interval '500 days' / {orders} as at
						from generate_series(1, {orders}) i"""));
		run(database, orders("""
				case when i % 10 = 7 then 'busy' else 'main' end,
				case when i % 10 in (0, 1, 2, 3, 6) then 'c0' else 'c' || (i / 10) % {callers} end""", """
				case when i % 10 < 4 then 'QUEUED' when i % 10 < 6 then 'HANDLING' when i % 10 < 8 then 'ACCEPTED'
				     else 'SEND_UNKNOWN' end""", "'ACCEPTED'", "now() - interval '1 minute'", "null", "null", "null",
				"""
						select i, case when i % 10 < 4 then now() - (i + 1) * interval '48 hours' / {open}
						               else now() - interval '2 minutes' + i * interval '1 minute' / {open} end as at
						from generate_series(0, {open} - 1) i"""));
		run(database, """
				insert into orders_turn (account, caller, served, waits_since, asked_at)
				select distinct account, caller, 0, now(), now() from orders_order where state = 'ACCEPTED'""");
		run(database, """
				insert into orders_event (xid, order_id, caller, number, at, state, status)
				select (row_number() over (order by accepted_at, id, k)) - 10000000000, id, caller, k, accepted_at,
				       case when k = 3 then state else 'HANDLING' end, case when k = 3 then state else 'HANDLING' end
				from orders_order cross join generate_series(1, 3) k order by accepted_at, id, k""");
		run(database,
				"""
						insert into orders_tally (caller, family, hour, shown)
						select caller, family, hour, sum(shown) over (partition by caller, family order by hour)
						from (select caller, family, date_trunc('hour', accepted_at, 'UTC') as hour, count(*) as shown
						      from orders_order where answer is distinct from 'REFUSED'
						        and accepted_at < date_trunc('hour', now() - interval '2 hours', 'UTC') group by 1, 2, 3) hours""");
		run(database, "update orders_tally_end set until = date_trunc('hour', now() - interval '2 hours', 'UTC')");
		run(database, "vacuum analyze");
		run(database, "checkpoint");
	}

	private String orders(String whose, String state, String answer, String due, String ended, String erased,
			String card, String made) {
		return """
				insert into orders_order (account, caller, state, answer, due_at, final_at, erased_at, card_code, card_key,
				                          id, family, ref, upstream_ref, upstream_id, product, number, value, accepted_at,
				                          send_deadline, sends, sent_at, first_sent_at, send_by)
				select {whose}, {state}, {answer}, {due}, {ended}, {erased}, card, case when card is not null then 'k1' end,
				       id, case when i % 5 = 0 then 'mobile' else 'internet' end, 'r' || id, 'fg' || id,
				       case when {state} in ('ACCEPTED', 'SEND_UNKNOWN') then null else md5(id)::char(24) end, 'ADSL',
				       '0363' || lpad((i % 100000)::text, 5, '0'), 1000, at, now() + interval '1 day', 1, at, at, at
				from (select i, at, {card} as card,
				             lpad(to_hex(extract(epoch from at)::bigint), 8, '0') || lpad(to_hex(i), 16, '0') as id
				      from ({made}) made) made order by at"""
			.replace("{whose}", whose)
			.replace("{state}", state)
			.replace("{answer}", answer)
			.replace("{due}", due)
			.replace("{ended}", ended)
			.replace("{erased}", erased)
			.replace("{card}", card)
			.replace("{made}", made)
			.replace("{callers}", Integer.toString(this.callers))
			.replace("{orders}", Integer.toString(this.rows / 4))
			.replace("{open}", Integer.toString(this.open));
	}

	private static void run(DatabaseClient database, String sql) {
		database.sql(sql).then().block(PATIENCE);
	}

}
