package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.callers.Authority;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The gateway's own view of a caller's orders. */
@Component
class OrderHandler {

	private static final int LARGEST_PAGE = 100;

	private static final int USUAL_PAGE = 20;

	private final Orders orders;

	private final OrderListStore lists;

	private final EventStore events;

	private final Reveals reveals;

	private final Envelope envelope;

	OrderHandler(Orders orders, OrderListStore lists, EventStore events, Reveals reveals, Envelope envelope) {
		this.orders = orders;
		this.lists = lists;
		this.events = events;
		this.reveals = reveals;
		this.envelope = envelope;
	}

	Mono<ServerResponse> list(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		Query query = new Query(request);
		Query.Whose whose = query.whose(caller);
		int limit = query.number("limit", USUAL_PAGE, LARGEST_PAGE);
		return this.lists.after(whose.caller(), query.cursor(), query.filters(), limit + 1)
			.collectList()
			.flatMap((found) -> this.envelope.ok(request, page(found, limit, whose.others())));
	}

	Mono<ServerResponse> one(ServerRequest request) {
		Authority authority = Authority.of(request, Scope.ORDERS_READ);
		return shown(authority.caller(), request.pathVariable("id")).flatMap((order) -> this.events.history(order.id())
			.collectList()
			.map((history) -> authority.customer() ? CustomerView.of(order, history, authority.caller())
					: OrderView.of(order, history))
			.flatMap((view) -> this.envelope.ok(request, view)));
	}

	Mono<ServerResponse> card(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.CARDS_REVEAL);
		return this.orders.own(caller, request.pathVariable("id"))
			.flatMap((order) -> this.reveals.asked(caller, order, RequestId.of(request.exchange()))
				.map((card) -> LedgerView.of(order.family(), card)))
			.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "the order has no card")))
			.flatMap((card) -> this.envelope.ok(request, card));
	}

	/** An operator reads everybody's. */
	private Mono<Order> shown(Caller caller, String id) {
		return caller.may(Scope.OPERATOR) ? Mono.justOrEmpty(OrderId.parse(id))
			.flatMap(this.orders::find)
			.switchIfEmpty(Mono.error(Orders::notFound)) : this.orders.own(caller, id);
	}

	private static Map<String, Object> page(List<Order> found, int limit, boolean others) {
		List<Order> shown = found.subList(0, Math.min(limit, found.size()));
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("items", shown.stream().map(others ? OrderView::withCaller : OrderView::of).toList());
		if (found.size() > limit) {
			data.put("nextCursor", Cursor.at(shown.getLast()).text());
		}
		return data;
	}

}
