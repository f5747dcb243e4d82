package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

/**
 * Reads many orders of one caller, newest first. Refused sends are not shown on
 * {@code /v3}.
 */
@Component
class OrderListStore {

	private static final String SHOWN = " from orders_order where caller = :caller and family = :family "
			+ "and answer is distinct from 'REFUSED' and accepted_at >= :from and accepted_at <= :to";

	private final DatabaseClient database;

	private final OrderRow rows;

	OrderListStore(DatabaseClient database, OrderRow rows) {
		this.database = database;
		this.rows = rows;
	}

	/** One page by number, as the upstream pages. */
	Flux<Order> page(CallerId caller, Family family, Range range, long offset, int limit) {
		return shown("select *, now() as read_at" + SHOWN
				+ " order by accepted_at desc, id desc offset :offset limit :limit", caller, family, range)
			.bind("offset", offset)
			.bind("limit", limit)
			.map(this.rows::order)
			.all();
	}

	Mono<Long> count(CallerId caller, Family family, Range range) {
		return shown("select count(*)" + SHOWN, caller, family, range).mapValue(Long.class).one();
	}

	/** The orders after a place in the list that meet all conditions. */
	Flux<Order> after(CallerId caller, Optional<Cursor> cursor, Map<String, String> conditions, int limit) {
		StringBuilder sql = new StringBuilder("select *, now() as read_at from orders_order where caller = :caller");
		Map<String, Object> values = new LinkedHashMap<>(Map.of("caller", caller.value(), "limit", limit));
		cursor.ifPresent((place) -> {
			sql.append(" and (accepted_at, id) < (:at, :id)");
			values.put("at", place.acceptedAt());
			values.put("id", place.id());
		});
		conditions.forEach((column, value) -> {
			sql.append(" and ").append(column).append(" = :").append(column);
			values.put(column, value);
		});
		GenericExecuteSpec select = this.database
			.sql(sql.append(" order by accepted_at desc, id desc limit :limit").toString());
		for (Map.Entry<String, Object> value : values.entrySet()) {
			select = select.bind(value.getKey(), value.getValue());
		}
		return select.map(this.rows::order).all();
	}

	private GenericExecuteSpec shown(String sql, CallerId caller, Family family, Range range) {
		return this.database.sql(sql)
			.bind("caller", caller.value())
			.bind("family", family.label())
			.bind("from", range.from())
			.bind("to", range.to());
	}

	/** Acceptance times, both inclusive. */
	record Range(Instant from, Instant to) {

		/** Whatever the database can compare with lies within. */
		static final Range ALL = new Range(Instant.EPOCH, Instant.parse("9999-01-01T00:00:00Z"));

		boolean contains(Instant instant) {
			return !instant.isBefore(this.from) && !instant.isAfter(this.to);
		}

		/** The instant itself, or the end of this range on its side. */
		Instant nearest(Instant instant) {
			return contains(instant) ? instant : instant.isBefore(this.from) ? this.from : this.to;
		}

	}

	/** Columns that may be asked for, by the name of their query parameter. */
	static final List<String> FILTERS = List.of("state", "product", "family", "ref");

}
