package dz.flexy.gateway.stream;

import dz.flexy.gateway.callers.Authority;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.orders.Selection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Opens streams. */
@Component
class StreamHandler {

	private final Orders orders;

	private final OrderFeed orderFeed;

	private final CallerFeed callerFeed;

	private final Log log;

	private final Frames frames;

	private final EventStream stream;

	StreamHandler(Orders orders, OrderFeed orderFeed, CallerFeed callerFeed, Log log, Frames frames,
			EventStream stream) {
		this.orders = orders;
		this.orderFeed = orderFeed;
		this.callerFeed = callerFeed;
		this.log = log;
		this.frames = frames;
		this.stream = stream;
	}

	Mono<ServerResponse> ofOrder(ServerRequest request) {
		Authority authority = Authority.of(request, Scope.ORDERS_READ);
		LastEventId last = LastEventId.of(request);
		return this.log.once(this.orders.own(authority.caller(), request.pathVariable("id")))
			.flatMap((order) -> ofOrder(authority, order, last));
	}

	Mono<ServerResponse> ofCaller(ServerRequest request) {
		Authority authority = Authority.of(request, Scope.ORDERS_READ);
		Selection wanted = Selection.asked(request, authority.caller());
		Flux<Frame> seen = this.callerFeed.follow(wanted, LastEventId.of(request)).concatWithValues(Frame.END);
		return this.stream.answer(authority, Flux.merge(1, seen, this.callerFeed.states(wanted)));
	}

	/**
	 * A client that has seen the last event of a finished order gets 204, which is all
	 * that stops an {@code EventSource}.
	 */
	private Mono<ServerResponse> ofOrder(Authority authority, Order order, LastEventId last) {
		return switch (last) {
			case LastEventId.None() ->
				this.stream.answer(authority, present(order).map((event) -> frame(event, authority)));
			case LastEventId.Seen(long number) when number == order.changes() && order.state().isFinal() ->
				ServerResponse.noContent().cacheControl(CacheControl.noStore()).build();
			case LastEventId.Seen(long number) when order.erasedAt() != null && number < order.changes() - 1 ->
				this.stream.answer(authority, reset(order, authority));
			case LastEventId.Seen(long number) when number <= order.changes() -> this.stream.answer(authority,
					this.orderFeed.follow(order.id(), (int) number).map((event) -> frame(event, authority)));
			default -> this.stream.answer(authority, reset(order, authority));
		};
	}

	private Flux<OrderEvent> present(Order order) {
		return this.orderFeed.follow(order.id(), order.changes() - 1);
	}

	private Flux<Frame> reset(Order order, Authority authority) {
		return present(order)
			.index((position, event) -> (position == 0) ? resetFrame(event, authority) : frame(event, authority));
	}

	private Frame frame(OrderEvent event, Authority authority) {
		return authority.customer() ? this.frames.ofCustomer(event) : this.frames.numbered(event);
	}

	private Frame resetFrame(OrderEvent event, Authority authority) {
		return authority.customer() ? this.frames.resetOfCustomer(event) : this.frames.numberedReset(event);
	}

}
