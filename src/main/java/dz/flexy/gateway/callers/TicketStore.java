package dz.flexy.gateway.callers;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

/** Table {@code callers_ticket}. All times are the database's. */
@Component
class TicketStore {

	private static final String ISSUE = """
			insert into callers_ticket (digest, caller, order_id, scopes, ends_at)
			values (:digest, :caller, :order, :scopes, now() + :life * interval '1 second')
			returning ends_at""";

	private static final String FOUND = " caller, order_id, scopes, session, extract(epoch from ends_at - now())::float8 as left_over";

	/** One statement, so that of all who show the ticket one gets the session. */
	private static final String EXCHANGE = """
			update callers_ticket set used_at = now(), session = :session,
			  ends_at = now() + case when order_id is null then :boardLife else :orderLife end * interval '1 second'
			where digest = :digest and used_at is null and ends_at > now()
			  and (order_id = :order or (:board and order_id is null))
			returning""" + FOUND;

	private static final String SESSIONS = "select" + FOUND
			+ " from callers_ticket where session = any(:sessions) and ends_at > now()";

	private static final String ERASE = """
			with over as (
			  select digest from callers_ticket where ends_at <= now() limit :limit for update skip locked
			)
			delete from callers_ticket where digest in (select digest from over)""";

	private final DatabaseClient database;

	TicketStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * Stores a ticket.
	 * @param order {@code null} for the board
	 * @return when it ends
	 */
	Mono<Instant> issue(String digest, CallerId caller, @Nullable String order, Set<Scope> scopes, Duration life) {
		return this.database.sql(ISSUE)
			.bind("digest", digest)
			.bind("caller", caller.value())
			.bind("order", text(order))
			.bind("scopes", scopes.stream().map(Scope::name).sorted().toArray(String[]::new))
			.bind("life", seconds(life))
			.mapValue(Instant.class)
			.one();
	}

	/**
	 * Uses a ticket up.
	 * @param order of which it may be
	 * @param board whether it may be one of the board
	 * @param session digest of the session that it becomes
	 * @return empty if it is unknown, used, over or of something else
	 */
	Mono<Ticket> exchange(String digest, @Nullable String order, boolean board, String session, Duration orderLife,
			Duration boardLife) {
		return this.database.sql(EXCHANGE)
			.bind("digest", digest)
			.bind("order", text(order))
			.bind("board", board)
			.bind("session", session)
			.bind("orderLife", seconds(orderLife))
			.bind("boardLife", seconds(boardLife))
			.map(TicketStore::ticket)
			.one();
	}

	/** Those of the sessions that have not ended. */
	Flux<Ticket> sessions(Collection<String> digests) {
		return this.database.sql(SESSIONS)
			.bind("sessions", digests.toArray(String[]::new))
			.map(TicketStore::ticket)
			.all();
	}

	/** Ends a session. */
	Mono<Void> end(String session) {
		return this.database.sql("delete from callers_ticket where session = :session")
			.bind("session", session)
			.fetch()
			.rowsUpdated()
			.then();
	}

	/**
	 * Erases what is over; replicas erase side by side.
	 * @return how many, {@code limit} at most
	 */
	Mono<Long> erase(int limit) {
		return this.database.sql(ERASE).bind("limit", limit).fetch().rowsUpdated();
	}

	private static Parameter text(@Nullable String value) {
		return Parameters.in(R2dbcType.VARCHAR, value);
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

	/** A scope that this version does not know is none. */
	private static Ticket ticket(Readable row) {
		Set<String> names = Set.of(requireNonNull(row.get("scopes", String[].class)));
		return new Ticket(new CallerId(requireNonNull(row.get("caller", String.class))),
				row.get("order_id", String.class),
				Stream.of(Scope.values())
					.filter((scope) -> names.contains(scope.name()))
					.collect(Collectors.toUnmodifiableSet()),
				requireNonNull(row.get("session", String.class)),
				Duration.ofMillis((long) (requireNonNull(row.get("left_over", Double.class)) * 1000)));
	}

}
