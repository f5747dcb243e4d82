package dz.flexy.gateway.account;

import java.time.Instant;
import java.util.Map;

import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Table {@code account_send_stop}. Each change is one statement with its row in
 * {@code operator_move}.
 */
@Component
class SendStopStore {

	private static final String STOP = """
			with changed as (
			  insert into account_send_stop (account, who, reason) values (:account, :who, :reason)
			  on conflict do nothing returning *
			)""";

	private static final String RESUME = """
			with changed as (
			  delete from account_send_stop where account = :account returning *
			)""";

	private static final String NOTED = """
			, noted as (
			  insert into operator_move (who, request_id, move, account, reason, outcome)
			  select :who, :requestId, :move, account, :reason, 'DONE' from changed
			)
			select * from changed""";

	private final DatabaseClient database;

	SendStopStore(DatabaseClient database) {
		this.database = database;
	}

	Mono<Map<AccountId, SendStop>> all() {
		return this.database.sql("select account, who, reason, since from account_send_stop")
			.map((row) -> Map.entry(new AccountId(text(row, "account")), stop(row)))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue);
	}

	/** Empty if it is stopped already. */
	Mono<SendStop> stop(AccountId account, String who, String requestId, String reason) {
		return change(STOP, "stop-sends", account, who, requestId, reason);
	}

	/** Empty if it is not stopped. */
	Mono<SendStop> resume(AccountId account, String who, String requestId, String reason) {
		return change(RESUME, "resume-sends", account, who, requestId, reason);
	}

	private Mono<SendStop> change(String sql, String move, AccountId account, String who, String requestId,
			String reason) {
		return this.database.sql(sql + NOTED)
			.bind("account", account.value())
			.bind("who", who)
			.bind("requestId", requestId)
			.bind("move", move)
			.bind("reason", reason)
			.map(SendStopStore::stop)
			.one();
	}

	private static SendStop stop(Readable row) {
		return new SendStop(text(row, "who"), text(row, "reason"), requireNonNull(row.get("since", Instant.class)));
	}

	private static String text(Readable row, String column) {
		return requireNonNull(row.get(column, String.class));
	}

}
