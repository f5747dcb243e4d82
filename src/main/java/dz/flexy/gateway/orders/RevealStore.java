package dz.flexy.gateway.orders;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.RequestId;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Table {@code orders_reveal}: who saw which card when. */
@Component
class RevealStore {

	private static final String EACH = """
			insert into orders_reveal (order_id, caller, request_id) select :id, :caller, :request""";

	private static final String FIRST = EACH
			+ " where not exists (select from orders_reveal where order_id = :id and caller = :caller)";

	private final DatabaseClient database;

	RevealStore(DatabaseClient database) {
		this.database = database;
	}

	Mono<Void> each(OrderId order, CallerId caller, RequestId request) {
		return insert(EACH, order, caller, request);
	}

	Mono<Void> first(OrderId order, CallerId caller, RequestId request) {
		return insert(FIRST, order, caller, request);
	}

	private Mono<Void> insert(String sql, OrderId order, CallerId caller, RequestId request) {
		return this.database.sql(sql)
			.bind("id", order.value())
			.bind("caller", caller.value())
			.bind("request", request.value())
			.fetch()
			.rowsUpdated()
			.then();
	}

}
