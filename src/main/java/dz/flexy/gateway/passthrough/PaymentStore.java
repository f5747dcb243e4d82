package dz.flexy.gateway.passthrough;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.orders.Move;
import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code passthrough_payment}. Each method is one committed statement. */
@Component
class PaymentStore {

	private static final String BEGIN = """
			insert into passthrough_payment (id, account, caller, route, ref, transaction_id, bill_ids, digest,
			                                 request_id, overdue_at)
			select :id, :account, :caller, :route, :ref, :transactionId, :billIds, :digest, :requestId,
			       now() + :overdue * interval '1 second'
			where not exists (select from account_send_stop where account = :account)""";

	/** An answer that comes after the row was given up is the truth all the same. */
	private static final String END = """
			update passthrough_payment set state = :state, answer_status = :status, upstream_id = :upstreamId,
			       reason = :reason, ended_at = now()
			where id = :id and state in ('SENDING', 'UNKNOWN')""";

	private static final String GIVE_UP = """
			update passthrough_payment set state = 'UNKNOWN', reason = 'no outcome was stored', ended_at = now()
			where state = 'SENDING' and overdue_at <= now()""";

	/** A person decides once, and only what is not known. */
	private static final String DECIDE = """
			with decided as (
			  update passthrough_payment set state = :state, reason = :reason, ended_at = now()
			  where id = :id and state = 'UNKNOWN' returning *
			), noted as (
			  insert into operator_move (who, request_id, move, payment_id, reason, outcome)
			  select :who, :request, :move, id, :reason, 'DONE' from decided
			)
			select * from decided""";

	private static final String UNKNOWN = """
			select * from passthrough_payment where state = 'UNKNOWN' and (created_at, id) < (:at, :id)
			order by created_at desc, id desc limit :limit""";

	/** What is not clear yet is kept whole; the digest of its body stays. */
	private static final String ERASE = """
			update passthrough_payment set erased_at = now(), ref = null, bill_ids = null, reason = null
			where id in (select id from passthrough_payment
			             where ended_at < now() - :age * interval '1 second' and erased_at is null and state <> 'UNKNOWN'
			             order by ended_at limit :limit for update skip locked)""";

	private final DatabaseClient database;

	PaymentStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Commits that a payment's first byte is about to leave; fails if the account's sends
	 * are stopped.
	 * @param overdue after this it counts as unknown if nothing else is stored
	 */
	Mono<Void> begin(Payment payment, Duration overdue) {
		return this.database.sql(BEGIN)
			.bind("id", payment.id())
			.bind("account", payment.account().value())
			.bind("caller", payment.caller().value())
			.bind("route", payment.endpoint().label())
			.bind("ref", text(payment.ref()))
			.bind("transactionId", text(payment.transactionId()))
			.bind("billIds", text(payment.billIds()))
			.bind("digest", payment.digest())
			.bind("requestId", payment.request().value())
			.bind("overdue", overdue.toMillis() / 1000.0)
			.fetch()
			.rowsUpdated()
			.filter((rows) -> rows > 0)
			.switchIfEmpty(Mono.error(SendStop::refusal))
			.then();
	}

	/** Stores what became of one; nothing if it was not committed. */
	Mono<Void> end(Payment payment, Ending ending) {
		return this.database.sql(END)
			.bind("id", payment.id())
			.bind("state", ending.state().name())
			.bind("status", Parameters.in(R2dbcType.INTEGER, ending.status()))
			.bind("upstreamId", text(ending.upstreamId()))
			.bind("reason", text(ending.reason()))
			.fetch()
			.rowsUpdated()
			.then();
	}

	/** In no order; of one transaction there may be several. */
	Flux<PaymentBook.Entry> ofTransactions(AccountId account, Collection<String> transactions) {
		return this.database
			.sql("""
					select id, upstream_id as paid, state, created_at, ended_at from passthrough_payment
					where account = :account and upstream_id = any(:ids)
					union all
					select id, transaction_id, state, created_at, ended_at from passthrough_payment
					where account = :account and transaction_id = any(:ids) and transaction_id is distinct from upstream_id""")
			.bind("account", account.value())
			.bind("ids", transactions.toArray(String[]::new))
			.map((row) -> new PaymentBook.Entry(requireNonNull(row.get("id", String.class)),
					requireNonNull(row.get("paid", String.class)),
					PaymentBook.Outcome.of(Payment.State.valueOf(requireNonNull(row.get("state", String.class)))),
					requireNonNull(row.get("created_at", Instant.class)), row.get("ended_at", Instant.class)))
			.all();
	}

	/** Emits how many were given up: their process died, or lost the database. */
	Mono<Long> giveUpOverdue() {
		return this.database.sql(GIVE_UP).fetch().rowsUpdated();
	}

	/** Empty if there is none, or it is not unknown. */
	Mono<PaymentRow> decide(String id, Payment.State state, Move move) {
		return this.database.sql(DECIDE)
			.bind("id", id)
			.bind("state", state.name())
			.bind("reason", move.reason())
			.bind("who", move.who().value())
			.bind("request", move.request().value())
			.bind("move", move.name())
			.map(PaymentStore::row)
			.one();
	}

	Mono<PaymentRow> find(String id) {
		return this.database.sql("select * from passthrough_payment where id = :id")
			.bind("id", id)
			.map(PaymentStore::row)
			.one();
	}

	/** Newest first, before a place. */
	Flux<PaymentRow> unknown(Instant at, String id, int limit) {
		return this.database.sql(UNKNOWN)
			.bind("at", at)
			.bind("id", id)
			.bind("limit", limit)
			.map(PaymentStore::row)
			.all();
	}

	private static PaymentRow row(Readable row) {
		return new PaymentRow(word(row, "id"), word(row, "account"), word(row, "caller"), word(row, "route"),
				word(row, "state"), requireNonNull(row.get("created_at", Instant.class)),
				row.get("ended_at", Instant.class), row.get("ref", String.class),
				row.get("transaction_id", String.class), row.get("bill_ids", String.class), word(row, "request_id"),
				row.get("answer_status", Integer.class), row.get("upstream_id", String.class),
				row.get("reason", String.class));
	}

	private static String word(Readable row, String column) {
		return requireNonNull(row.get(column, String.class));
	}

	/** How many there are of them, up to {@code most}. */
	Mono<Long> countUnknown(int most) {
		return this.database
			.sql("select count(*) from (select from passthrough_payment where state = 'UNKNOWN' limit :most) unknown")
			.bind("most", most)
			.mapValue(Long.class)
			.one();
	}

	/** Emits how many that ended longer ago were erased. */
	Mono<Long> erase(Duration age, int limit) {
		return this.database.sql(ERASE)
			.bind("age", (double) age.toSeconds())
			.bind("limit", limit)
			.fetch()
			.rowsUpdated();
	}

	private static Parameter text(@Nullable String value) {
		return Parameters.in(R2dbcType.VARCHAR, value);
	}

}
