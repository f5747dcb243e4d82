package dz.flexy.gateway.account;

import java.time.Instant;
import java.util.Map;

import io.r2dbc.spi.Readable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Tables {@code account_standing} and {@code account_key_failure}. */
@Component
class AccountStore {

	private static final String ALL = """
			select account, fingerprint, state, username, read_only, reason, until from account_standing""";

	/** What was said against the key meanwhile holds. */
	private static final String ACTIVATE = """
			insert into account_standing as known (account, fingerprint, state, username, read_only)
			values (:account, :fingerprint, 'ACTIVE', :username, :readOnly)
			on conflict (account, fingerprint) do update set
			  state = excluded.state, username = excluded.username, read_only = excluded.read_only,
			  reason = null, until = null
			where known.state <> 'STOPPED' or known.until <= :now""";

	private static final String STOP = """
			insert into account_standing as known (account, fingerprint, state, reason, until)
			values (:account, :fingerprint, 'STOPPED', :reason, :until)
			on conflict (account, fingerprint) do update set
			  state = excluded.state, username = null, read_only = false, reason = excluded.reason,
			  until = greatest(known.until, excluded.until)""";

	private static final String FAIL = """
			with forgotten as (
			  delete from account_key_failure where at < :at - interval '1 day'
			), failed as (
			  insert into account_key_failure (at, account, fingerprint, reason)
			  values (:at, :failedAccount, :failedFingerprint, :reason)
			)
			""" + STOP;

	private static final String FAILURES = "select at, account, fingerprint from account_key_failure where at > :since";

	private final DatabaseClient database;

	AccountStore(DatabaseClient database) {
		this.database = database;
	}

	/** Of all accounts and all their keys, former ones included. */
	Mono<Map<KeyId, Standing>> all() {
		return this.database.sql(ALL)
			.map((row) -> Map.entry(key(row), standing(row)))
			.all()
			.collectMap(Map.Entry::getKey, Map.Entry::getValue);
	}

	Mono<Void> activate(KeyId key, Standing.Active active, Instant now) {
		return this.database.sql(ACTIVATE)
			.bind("account", key.account())
			.bind("fingerprint", key.fingerprint())
			.bind("username", active.username())
			.bind("readOnly", active.readOnly())
			.bind("now", now)
			.fetch()
			.rowsUpdated()
			.then();
	}

	Mono<Void> save(Stop stop) {
		DatabaseClient.GenericExecuteSpec save = stop.failure()
			.map((failure) -> this.database.sql(FAIL)
				.bind("at", failure.at())
				.bind("failedAccount", failure.key().account())
				.bind("failedFingerprint", failure.key().fingerprint()))
			.orElseGet(() -> this.database.sql(STOP));
		return save.bind("account", stop.key().account())
			.bind("fingerprint", stop.key().fingerprint())
			.bind("reason", stop.standing().reason())
			.bind("until", stop.standing().until())
			.fetch()
			.rowsUpdated()
			.then();
	}

	Flux<KeyFailure> failuresSince(Instant since) {
		return this.database.sql(FAILURES)
			.bind("since", since)
			.map((row) -> new KeyFailure(requireNonNull(row.get("at", Instant.class)), key(row)))
			.all();
	}

	private static KeyId key(Readable row) {
		return new KeyId(requireNonNull(row.get("account", String.class)),
				requireNonNull(row.get("fingerprint", String.class)));
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
