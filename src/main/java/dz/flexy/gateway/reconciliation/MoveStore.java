package dz.flexy.gateway.reconciliation;

import java.time.Instant;

import dz.flexy.gateway.orders.Move;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Table {@code operator_move}. Whoever changes something writes its row in the same
 * statement; here stand those that were refused.
 */
@Component
class MoveStore {

	private final DatabaseClient database;

	MoveStore(DatabaseClient database) {
		this.database = database;
	}

	/** Writes down a move that changed nothing. */
	Mono<Void> refused(Subject subject, String id, Move move, String outcome) {
		return this.database.sql("""
				insert into operator_move (who, request_id, move, %s, arguments, reason, outcome)
				values (:who, :request, :move, :subject, :arguments, :reason, :outcome)""".formatted(subject.column))
			.bind("who", move.who().value())
			.bind("request", move.request().value())
			.bind("move", move.name())
			.bind("subject", id)
			.bind("arguments", Parameters.in(R2dbcType.VARCHAR, move.arguments().orElse(null)))
			.bind("reason", move.reason())
			.bind("outcome", outcome)
			.fetch()
			.rowsUpdated()
			.then();
	}

	/** All that was tried, oldest first. */
	Flux<Made> of(Subject subject, String id) {
		return this.database
			.sql("select at, who, request_id, move, arguments, reason, outcome from operator_move where "
					+ subject.column + " = :id order by id")
			.bind("id", id)
			.map(MoveStore::made)
			.all();
	}

	private static Made made(Readable row) {
		return new Made(requireNonNull(row.get("at", Instant.class)), text(row, "who"), text(row, "request_id"),
				text(row, "move"), row.get("arguments", String.class), text(row, "reason"), text(row, "outcome"));
	}

	private static String text(Readable row, String column) {
		return requireNonNull(row.get(column, String.class));
	}

	/** What is moved. */
	enum Subject {

		/** An order of a caller's. */
		ORDER("order_id"),
		/** A payment that was passed on. */
		PAYMENT("payment_id"),
		/** An upstream account. */
		ACCOUNT("account"),
		/** What differs between books. */
		BREAK("break_id");

		private final String column;

		Subject(String column) {
			this.column = column;
		}

	}

	/**
	 * A move as it was written down.
	 *
	 * @param at when
	 * @param who whose key it was done with
	 * @param request that asked for it
	 * @param move its name
	 * @param arguments JSON, if it had any
	 * @param reason in his words
	 * @param outcome {@code DONE}, or why it was refused
	 */
	record Made(Instant at, String who, String request, String move, @Nullable String arguments, String reason,
			String outcome) {
	}

}
