package dz.flexy.gateway.dispatch;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.OrderView;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** {@code POST /orders/{id}/cancel}: only an order of which nothing was sent. */
@Component
class CancelHandler {

	/**
	 * The order's version moves while it is being claimed, so a lost race is run again.
	 */
	private static final int TRIES = 3;

	private final Orders orders;

	private final Envelope envelope;

	private final boolean hold;

	CancelHandler(Orders orders, Envelope envelope, DispatchProperties properties) {
		this.hold = properties.hold();
		this.orders = orders;
		this.envelope = envelope;
	}

	Mono<ServerResponse> cancel(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_WRITE);
		return Detached.run(cancel(caller, request.pathVariable("id"), TRIES))
			.flatMap((order) -> this.envelope.ok(request, OrderView.of(order)));
	}

	private Mono<Order> cancel(Caller caller, String id, int tries) {
		return this.orders.own(caller, id)
			.flatMap((order) -> isCancelled(order) ? Mono.just(order) : reject(order).switchIfEmpty(
					Mono.defer(() -> (tries > 1) ? cancel(caller, id, tries - 1) : Mono.error(tooLate(order)))));
	}

	/** On hold it may have been sent before the database was restored. */
	private Mono<Order> reject(Order order) {
		if (this.hold && order.state() == OrderState.ACCEPTED) {
			return Mono.error(tooLate(order));
		}
		return (order.state() == OrderState.ACCEPTED) ? this.orders.reject(order,
				Problem.of(ErrorCode.CANCELLED, "the order was cancelled before it was sent").money(false, true))
				: Mono.error(tooLate(order));
	}

	private static boolean isCancelled(Order order) {
		return order.state() == OrderState.REJECTED
				&& order.refusal().filter((why) -> why.code().equals(ErrorCode.CANCELLED.name())).isPresent();
	}

	private static Problem tooLate(Order order) {
		return Problem.of(ErrorCode.NOT_CANCELLABLE, "the order is " + order.state() + " and cannot be cancelled")
			.detail("orderId", order.id().value())
			.money(order.state() != OrderState.REJECTED, false);
	}

}
