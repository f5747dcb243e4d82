package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.RequestId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Reads of internet orders as the upstream answers them, from the ledger. */
@Component
class InternetHandler {

	private static final int LARGEST_PAGE = 100;

	private static final int USUAL_PAGE = 20;

	private final Orders orders;

	private final OrderListStore lists;

	private final Reveals reveals;

	private final Envelope envelope;

	InternetHandler(Orders orders, OrderListStore lists, Reveals reveals, Envelope envelope) {
		this.orders = orders;
		this.lists = lists;
		this.reveals = reveals;
		this.envelope = envelope;
	}

	Mono<ServerResponse> byId(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		return show(request, caller, this.orders.own(caller, request.pathVariable("id")));
	}

	Mono<ServerResponse> byRef(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		String ref = request.pathVariable("ref");
		return show(request, caller,
				Flux.fromIterable(CallerRef.readings(caller, ref))
					.concatMap((reading) -> this.orders.findByRef(caller.id(), Family.INTERNET, reading))
					.next());
	}

	Mono<ServerResponse> list(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		Query query = new Query(request);
		int page = query.number("page", 1, Integer.MAX_VALUE);
		int size = query.number("pageSize", USUAL_PAGE, LARGEST_PAGE);
		OrderListStore.Range range = query.range();
		return this.lists.count(caller.id(), Family.INTERNET, range)
			.zipWith(this.lists.page(caller.id(), Family.INTERNET, range, (page - 1L) * size, size).collectList())
			.flatMap((found) -> this.envelope.ok(request, page(found.getT2(), page, size, found.getT1())));
	}

	private Mono<ServerResponse> show(ServerRequest request, Caller caller, Mono<Order> order) {
		return order.filter((found) -> found.family() == Family.INTERNET)
			.switchIfEmpty(Mono.error(Orders::notFound))
			.flatMap((found) -> this.reveals.shown(caller, found, RequestId.of(request.exchange()))
				.flatMap((card) -> this.envelope.ok(request, InternetView.of(found, card))));
	}

	/**
	 * Both published names of the rows (contract section 4.6), so that either kind of
	 * client finds them.
	 */
	private static Map<String, Object> page(List<Order> orders, int page, int size, long total) {
		List<Map<String, Object>> rows = orders.stream()
			.map((order) -> InternetView.of(order, Optional.empty()))
			.toList();
		Map<String, Object> pagination = new LinkedHashMap<>();
		pagination.put("page", page);
		pagination.put("pageSize", size);
		pagination.put("totalPages", (total + size - 1) / size);
		pagination.put("totalResults", total);
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("items", rows);
		data.put("topups", rows);
		data.put("pagination", pagination);
		return data;
	}

}
