package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Optional;

import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code orders_idempotency}; rows are made by {@link OrderStore}. */
@Component
class IdempotencyStore {

	private final DatabaseClient database;

	IdempotencyStore(DatabaseClient database) {
		this.database = database;
	}

	Mono<EarlierUse> find(IdempotencyKey key) {
		return this.database.sql("""
				select digest, order_id, extract(epoch from now() - created_at)::double precision as age, status, body
				from orders_idempotency where caller = :caller and route = :route and key = :key""")
			.bind("caller", key.caller().value())
			.bind("route", key.route())
			.bind("key", key.key())
			.map(IdempotencyStore::use)
			.one();
	}

	/** Only the first answer is kept. */
	Mono<Void> keep(OrderId order, GivenAnswer answer) {
		return this.database
			.sql("update orders_idempotency set status = :status, body = :body where order_id = :id and status is null")
			.bind("status", answer.status())
			.bind("body", answer.body())
			.bind("id", order.value())
			.fetch()
			.rowsUpdated()
			.then();
	}

	Mono<Long> forgetOlderThan(Duration age) {
		return this.database
			.sql("delete from orders_idempotency where created_at < now() - :seconds * interval '1 second'")
			.bind("seconds", (double) age.toSeconds())
			.fetch()
			.rowsUpdated();
	}

	private static EarlierUse use(Readable row) {
		Optional<GivenAnswer> given = Optional.ofNullable(row.get("status", Integer.class))
			.map((status) -> new GivenAnswer(status, requireNonNull(row.get("body", String.class))));
		return new EarlierUse(requireNonNull(row.get("digest", String.class)),
				new OrderId(requireNonNull(row.get("order_id", String.class))),
				Duration.ofMillis((long) (requireNonNull(row.get("age", Double.class)) * 1000)), given);
	}

}
