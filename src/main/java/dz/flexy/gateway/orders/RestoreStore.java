package dz.flexy.gateway.orders;

import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Brings orders of a restored database into question. */
@Component
class RestoreStore {

	/**
	 * An order with a lane is known upstream by no reference, so it is handed over as one
	 * whose candidates are none.
	 */
	private static final String DOUBT = """
			with doubted as (
			  update orders_order set state = 'SEND_UNKNOWN', version = version + 1, updated_at = now(), due_at = now(),
			         reason = 'may have been sent before the restore', sends = sends + 1, absences = 0, absent_at = null,
			         sent_at = accepted_at, first_sent_at = accepted_at, send_by = now(), candidates = case when lane is not null then '' end,
			         flag = case when lane is not null then 'may have been sent before the restore' else flag end
			  where id in (select id from orders_order where account = :account and state = 'ACCEPTED'
			               order by due_at limit :limit for update skip locked)
			  returning *
			), logged as (
			  insert into orders_event (order_id, caller, number, state, previous_state, status, previous_status,
			                            correction, reason, cost)
			  select id, caller, null, state, 'ACCEPTED', shown, shown, false, reason, cost
			  from doubted cross join lateral (select case when family = :mobile then :pending else :handling end) as status (shown)
			)
			select family, count(*) as doubted from doubted group by family""";

	/**
	 * What was found out before the restore proves nothing of sends that are forgotten.
	 */
	private static final String DOUBT_LOOKS = """
			update orders_order set version = version + 1, absences = 0, absent_at = null, send_by = now(), due_at = now()
			where account = :account and state in ('SENDING', 'SEND_UNKNOWN') and lane is null""";

	private final DatabaseClient database;

	private final OrderMeters meters;

	RestoreStore(DatabaseClient database, OrderMeters meters) {
		this.database = database;
		this.meters = meters;
	}

	/** Emits for how many orders earlier looks count no more. */
	Mono<Long> doubtLooks(AccountId account) {
		return this.database.sql(DOUBT_LOOKS).bind("account", account.value()).fetch().rowsUpdated();
	}

	/** Emits how many orders it was for, at most that many. */
	Mono<Long> doubtAccepted(AccountId account, int limit) {
		return this.database.sql(DOUBT)
			.bind("account", account.value())
			.bind("limit", limit)
			.bind("mobile", Family.MOBILE.label())
			.bind("pending", OrderState.ACCEPTED.status(Family.MOBILE))
			.bind("handling", OrderState.ACCEPTED.status(Family.INTERNET))
			.map((row, metadata) -> Map.entry(Family.ofLabel(Objects.requireNonNull(row.get("family", String.class))),
					Objects.requireNonNull(row.get("doubted", Long.class))))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue)
			.doOnNext(this.meters::doubted)
			.map((counts) -> counts.values().stream().mapToLong(Long::longValue).sum());
	}

}
