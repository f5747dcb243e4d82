package dz.flexy.gateway.orders;

import java.time.Clock;
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
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Reads of orders as the upstream answers them, from the ledger. */
@Component
class LedgerHandler {

	private static final int LARGEST_PAGE = 100;

	private static final int USUAL_PAGE = 20;

	private final Orders orders;

	private final OrderListStore lists;

	private final Reveals reveals;

	private final DirectOrders direct;

	private final Clock clock;

	private final Envelope envelope;

	LedgerHandler(Orders orders, OrderListStore lists, Reveals reveals, DirectOrders direct, Clock clock,
			Envelope envelope) {
		this.direct = direct;
		this.clock = clock;
		this.orders = orders;
		this.lists = lists;
		this.reveals = reveals;
		this.envelope = envelope;
	}

	/** One order of a family by its id. */
	HandlerFunction<ServerResponse> byId(Family family) {
		return (request) -> {
			Caller caller = Caller.of(request, Scope.ORDERS_READ);
			String id = request.pathVariable("id");
			return show(request, caller, family, this.orders.owned(caller, id), false,
					this.direct.byId(caller.account(), family, id));
		};
	}

	/** One order of a family by its caller's reference. */
	HandlerFunction<ServerResponse> byRef(Family family) {
		return (request) -> byRef(request, family);
	}

	/** One page of a family's orders. */
	HandlerFunction<ServerResponse> list(Family family) {
		return (request) -> list(request, family);
	}

	private Mono<ServerResponse> byRef(ServerRequest request, Family family) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		String ref = request.pathVariable("ref");
		return show(request, caller, family,
				Flux.fromIterable(CallerRef.readings(caller, ref))
					.concatMap((reading) -> this.orders.findByRef(caller.id(), family, reading))
					.next(),
				true, this.direct.byRef(caller.account(), family, ref));
	}

	private Mono<ServerResponse> list(ServerRequest request, Family family) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		Query query = new Query(request);
		int page = query.number("page", 1, Integer.MAX_VALUE);
		int size = query.number("pageSize", USUAL_PAGE, LARGEST_PAGE);
		return this.lists.page(caller.id(), family, query.range(), page, size)
			.flatMap((found) -> this.envelope.ok(request, page(family, found.orders(), page, size, found.total())));
	}

	private Mono<ServerResponse> show(ServerRequest request, Caller caller, Family family, Mono<Order> found,
			boolean byRef, Mono<ObjectNode> direct) {
		return found.filter((order) -> order.family() == family)
			.singleOptional()
			.flatMap((order) -> view(request, caller, order, byRef, direct))
			.switchIfEmpty(Mono.error(Orders::notFound))
			.flatMap((view) -> this.envelope.ok(request, view));
	}

	private Mono<Object> view(ServerRequest request, Caller caller, Optional<Order> order, boolean byRef,
			Mono<ObjectNode> direct) {
		RequestId requestId = RequestId.of(request.exchange());
		Mono<Object> own = Mono.justOrEmpty(order)
			.flatMap((found) -> this.reveals.shown(caller, found, requestId)
				.map((card) -> LedgerView.alone(found, card)));
		Mono<Object> sentDirectly = caller.direct(this.clock.instant())
				? direct.map((shown) -> this.reveals.within(caller, shown, requestId)) : Mono.empty();
		boolean ofAnother = byRef && order.filter(LedgerHandler::standsForAnother).isPresent();
		return ofAnother ? sentDirectly.onErrorComplete().switchIfEmpty(own) : own.switchIfEmpty(sentDirectly);
	}

	/**
	 * Rejected because its caller had sent the same ref upstream himself: that one
	 * counts.
	 */
	private static boolean standsForAnother(Order order) {
		return order.state() == OrderState.REJECTED && order.sending().askFirst() && order.sending().count() == 0;
	}

	/**
	 * Of internet orders under both published names of the rows (contract section 4.6),
	 * so that either kind of client finds them.
	 */
	private static Map<String, Object> page(Family family, List<Order> orders, int page, int size, long total) {
		List<Map<String, Object>> rows = orders.stream()
			.map((order) -> LedgerView.of(order, Optional.empty()))
			.toList();
		Map<String, Object> pagination = new LinkedHashMap<>();
		pagination.put("page", page);
		pagination.put("pageSize", size);
		pagination.put("totalPages", (total + size - 1) / size);
		pagination.put("totalResults", total);
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("items", rows);
		if (family == Family.INTERNET) {
			data.put("topups", rows);
		}
		data.put("pagination", pagination);
		return data;
	}

}
