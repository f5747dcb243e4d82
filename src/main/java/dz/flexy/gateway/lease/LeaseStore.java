package dz.flexy.gateway.lease;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Table {@code lease}. */
@Component
class LeaseStore {

	/**
	 * None is held for longer than a minute. One that seems to last for more than an hour
	 * was given when the clock was ahead, and may be taken.
	 */
	private static final String TAKE = """
			insert into lease as held (name, holder, token, expires_at)
			values (:name, :holder, nextval('lease_token'), now() + :seconds * interval '1 second')
			on conflict (name) do update set
			  holder = excluded.holder,
			  token = case when held.holder = excluded.holder and held.expires_at > now()
			               then held.token else excluded.token end,
			  expires_at = excluded.expires_at
			where held.holder = excluded.holder or held.expires_at <= now()
			   or held.expires_at > now() + interval '1 hour'
			returning token""";

	private static final String RELEASE = "update lease set expires_at = now() where name = :name and token = :token";

	private static final String RELEASE_ALL = """
			update lease set expires_at = now()
			where (holder = :replica or starts_with(holder, :replica || '-')) and expires_at > now()""";

	private final DatabaseClient database;

	LeaseStore(DatabaseClient database) {
		this.database = database;
	}

	Mono<Lease> take(String name, String holder, Duration duration) {
		return this.database.sql(TAKE)
			.bind("name", name)
			.bind("holder", holder)
			.bind("seconds", duration.toMillis() / 1000.0)
			.mapValue(Long.class)
			.one()
			.map((token) -> new Lease(name, token));
	}

	Mono<Void> release(Lease lease) {
		return this.database.sql(RELEASE)
			.bind("name", lease.name())
			.bind("token", lease.token())
			.fetch()
			.rowsUpdated()
			.then();
	}

	/** Those of the replica, and of its parts: {@code <replica>-<part>}. */
	Mono<Void> releaseAll(String replica) {
		return this.database.sql(RELEASE_ALL).bind("replica", replica).fetch().rowsUpdated().then();
	}

}
