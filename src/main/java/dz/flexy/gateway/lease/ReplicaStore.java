package dz.flexy.gateway.lease;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Table {@code replica}. */
@Component
class ReplicaStore {

	/**
	 * One that seems to live for longer than an hour has died while the clock was ahead.
	 */
	private static final String RENEW = """
			with own as (
			  insert into replica (id, expires_at) values (:id, now() + :seconds * interval '1 second')
			  on conflict (id) do update set expires_at = excluded.expires_at
			), dead as (
			  delete from replica where expires_at < now() - interval '1 hour' and id <> :id
			)
			select 1 + count(*) from replica where expires_at > now() and expires_at < now() + interval '1 hour'
			  and id <> :id""";

	private final DatabaseClient database;

	ReplicaStore(DatabaseClient database) {
		this.database = database;
	}

	/** Emits how many live, this one included. */
	Mono<Integer> renew(String id, Duration life) {
		return this.database.sql(RENEW)
			.bind("id", id)
			.bind("seconds", life.toMillis() / 1000.0)
			.mapValue(Long.class)
			.one()
			.map(Math::toIntExact);
	}

	Mono<Void> remove(String id) {
		return this.database.sql("delete from replica where id = :id").bind("id", id).fetch().rowsUpdated().then();
	}

}
