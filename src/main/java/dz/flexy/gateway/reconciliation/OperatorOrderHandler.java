package dz.flexy.gateway.reconciliation;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.dispatch.Moves;
import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.OrderView;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.orders.UnsettledStore;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.reconciliation.MoveStore.Subject;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Orders of all callers that a person may have to settle, each with its whole history.
 * Numbers are shown as their owners see them; card codes never.
 */
@Component
class OperatorOrderHandler {

	private static final List<String> FAMILIES = Family.SOLD.stream().map(Family::label).toList();

	private static final List<String> STATES = Arrays.stream(OrderState.values()).map(Enum::name).toList();

	private final UnsettledStore unsettled;

	private final Orders orders;

	private final EventStore events;

	private final Moves moves;

	private final MoveLog log;

	private final Envelope envelope;

	private final JsonMapper json;

	OperatorOrderHandler(UnsettledStore unsettled, Orders orders, EventStore events, Moves moves, MoveLog log,
			Envelope envelope, JsonMapper json) {
		this.unsettled = unsettled;
		this.orders = orders;
		this.events = events;
		this.moves = moves;
		this.log = log;
		this.envelope = envelope;
		this.json = json;
	}

	/** {@code GET /operator/orders}: the unsettled ones, newest first. */
	Mono<ServerResponse> list(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		Parameters query = new Parameters(request);
		query.oneOf("unsettled", List.of("true"));
		UnsettledStore.Filter filter = new UnsettledStore.Filter(query.text("account"), query.oneOf("family", FAMILIES),
				query.oneOf("state", STATES), query.oneOf("flagged", List.of("true", "false")).map(Boolean::valueOf));
		Optional<String> cursor = query.text("cursor");
		int limit = query.limit();
		return Mono.defer(() -> this.unsettled.page(filter, cursor, limit))
			.onErrorMap(IllegalArgumentException.class,
					(unknown) -> Parameters.problem("cursor", "is not one that was given out"))
			.flatMap((page) -> this.envelope.ok(request,
					new View().put("items", page.orders().stream().map(OperatorOrderHandler::view).toList())
						.put("nextCursor", page.next().orElse(null))
						.fields()));
	}

	/** {@code GET /operator/orders/{id}}: any order. */
	Mono<ServerResponse> one(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		return Mono.justOrEmpty(OrderId.parse(request.pathVariable("id")))
			.flatMap(this.orders::find)
			.switchIfEmpty(Mono.error(OperatorOrderHandler::notFound))
			.flatMap((order) -> told(request, order));
	}

	Mono<ServerResponse> lookAgain(ServerRequest request) {
		return moved(request, (instruction) -> instruction.move("look-again"),
				(id, instruction, move) -> this.moves.lookAgain(id, move));
	}

	Mono<ServerResponse> adopt(ServerRequest request) {
		return moved(request,
				(instruction) -> instruction.move("adopt",
						this.json.writeValueAsString(Map.of("upstreamId", instruction.upstreamId()))),
				(id, instruction, move) -> this.moves.adopt(id, instruction.upstreamId(), move));
	}

	Mono<ServerResponse> markNotCreated(ServerRequest request) {
		return moved(request, (instruction) -> instruction.move("mark-not-created"),
				(id, instruction, move) -> this.moves.markNotCreated(id, move));
	}

	Mono<ServerResponse> allowSend(ServerRequest request) {
		return moved(request, (instruction) -> instruction.move("allow-send"),
				(id, instruction, move) -> this.moves.allowSend(id, move));
	}

	private Mono<ServerResponse> moved(ServerRequest request, Naming naming, Verb verb) {
		OrderId id = OrderId.parse(request.pathVariable("id")).orElse(null);
		return Instruction.read(request, this.json).flatMap((instruction) -> {
			Move move = naming.move(instruction);
			return (id == null) ? Mono.error(notFound()) : this.log.watched(Subject.ORDER, id.value(), move,
					verb.apply(id, instruction, move).onErrorMap(OperatorOrderHandler::isOpen, (failure) -> open(id)));
		})
			.flatMap((order) -> told(request, order)
				.onErrorResume((unreadable) -> this.envelope.ok(request, view(order))));
	}

	private static boolean isOpen(Throwable failure) {
		return !(failure instanceof Problem);
	}

	private static Problem open(OrderId id) {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "it is not known whether that was done; look at the order")
			.detail("orderId", id.value())
			.money(true, false);
	}

	private Mono<ServerResponse> told(ServerRequest request, Order order) {
		return Mono
			.zip(this.events.history(order.id()).map(OperatorOrderHandler::view).collectList(),
					this.log.of(Subject.ORDER, order.id().value()))
			.flatMap((history) -> this.envelope.ok(request,
					new View(view(order)).put("events", history.getT1()).put("moves", history.getT2()).fields()));
	}

	private static Map<String, Object> view(Order order) {
		String candidates = order.ending().candidates();
		return new View(OrderView.of(order)).put("account", order.account().value())
			.put("caller", order.caller().value())
			.put("sendBy", order.sending().by())
			.put("arrived", order.sending().arrived())
			.put("absences", order.sending().absences())
			.put("refusal", order.refusal().map((why) -> why.code() + ": " + why.message()).orElse(null))
			.put("candidates",
					(candidates != null) ? Stream.of(candidates.split(" ")).filter((id) -> !id.isEmpty()).toList()
							: null)
			.fields();
	}

	/** What callers do not see has no number. */
	private static Map<String, Object> view(OrderEvent event) {
		OrderState previous = event.previousState();
		return new View().put("number", event.number().orElse(null))
			.put("at", event.at())
			.put("state", event.state().name())
			.put("previousState", (previous != null) ? previous.name() : null)
			.put("status", event.status())
			.put("correction", event.correction() ? true : null)
			.put("reason", event.reason())
			.put("cost", event.cost())
			.fields();
	}

	private static Problem notFound() {
		return Problem.of(ErrorCode.NOT_FOUND, "no such order").money(false, true);
	}

	/** How a move is written down. */
	@FunctionalInterface
	private interface Naming {

		Move move(Instruction instruction);

	}

	/** How it is made. */
	@FunctionalInterface
	private interface Verb {

		Mono<Order> apply(OrderId id, Instruction instruction, Move move);

	}

}
