package dz.flexy.gateway.passthrough;

import java.time.Duration;

import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Table {@code passthrough_payment}. Each method is one committed statement. */
@Component
class PaymentStore {

	private static final String BEGIN = """
			insert into passthrough_payment (id, account, caller, route, ref, transaction_id, bill_ids, digest,
			                                 request_id, overdue_at)
			values (:id, :account, :caller, :route, :ref, :transactionId, :billIds, :digest, :requestId,
			        now() + :overdue * interval '1 second')""";

	/** An answer that comes after the row was given up is the truth all the same. */
	private static final String END = """
			update passthrough_payment set state = :state, answer_status = :status, upstream_id = :upstreamId,
			       reason = :reason, ended_at = now()
			where id = :id and state in ('SENDING', 'UNKNOWN')""";

	private static final String GIVE_UP = """
			update passthrough_payment set state = 'UNKNOWN', reason = 'no outcome was stored', ended_at = now()
			where state = 'SENDING' and overdue_at <= now()""";

	private final DatabaseClient database;

	PaymentStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Commits that a payment's first byte is about to leave.
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

	/** Emits how many were given up: their process died, or lost the database. */
	Mono<Long> giveUpOverdue() {
		return this.database.sql(GIVE_UP).fetch().rowsUpdated();
	}

	private static Parameter text(@Nullable String value) {
		return Parameters.in(R2dbcType.VARCHAR, value);
	}

}
