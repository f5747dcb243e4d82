package dz.flexy.gateway.account;

import java.time.Instant;

import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code account_standing}. */
@Component
class AccountStore {

	private static final String FIND = """
			select state, username, read_only, reason, until from account_standing
			where account = :account and fingerprint = :fingerprint""";

	private static final String SAVE = """
			insert into account_standing (account, fingerprint, state, username, read_only, reason, until)
			values (:account, :fingerprint, :state, :username, :readOnly, :reason, :until)
			on conflict (account) do update set
			  fingerprint = excluded.fingerprint, state = excluded.state, username = excluded.username,
			  read_only = excluded.read_only, reason = excluded.reason, until = excluded.until""";

	private final DatabaseClient database;

	AccountStore(DatabaseClient database) {
		this.database = database;
	}

	/** Empty if the row is of another key. */
	Mono<Standing> find(Account account) {
		return this.database.sql(FIND)
			.bind("account", account.id().value())
			.bind("fingerprint", account.key().fingerprint())
			.map(AccountStore::standing)
			.one();
	}

	Mono<Void> save(Account account, Standing.Active active) {
		return save(account, "ACTIVE", active.username(), active.readOnly(), null, null);
	}

	Mono<Void> save(Account account, Standing.Stopped stopped) {
		return save(account, "STOPPED", null, false, stopped.reason(), stopped.until());
	}

	private Mono<Void> save(Account account, String state, @Nullable String username, boolean readOnly,
			@Nullable String reason, @Nullable Instant until) {
		GenericExecuteSpec save = this.database.sql(SAVE)
			.bind("account", account.id().value())
			.bind("fingerprint", account.key().fingerprint())
			.bind("state", state)
			.bind("readOnly", readOnly);
		save = (username != null) ? save.bind("username", username) : save.bindNull("username", String.class);
		save = (reason != null) ? save.bind("reason", reason) : save.bindNull("reason", String.class);
		save = (until != null) ? save.bind("until", until) : save.bindNull("until", Instant.class);
		return save.fetch().rowsUpdated().then();
	}

	private static Standing standing(Readable row) {
		return switch (requireNonNull(row.get("state", String.class))) {
			case "ACTIVE" -> new Standing.Active(requireNonNull(row.get("username", String.class)),
					Boolean.TRUE.equals(row.get("read_only", Boolean.class)));
			case "STOPPED" -> new Standing.Stopped(requireNonNull(row.get("reason", String.class)),
					requireNonNull(row.get("until", Instant.class)));
			default -> new Standing.Unverified();
		};
	}

}
