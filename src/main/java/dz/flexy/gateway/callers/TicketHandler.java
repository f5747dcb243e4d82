package dz.flexy.gateway.callers;

import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.callers.Tickets.Admitted;
import dz.flexy.gateway.callers.Tickets.Issued;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Gives callers tickets to hand on, and signs browsers out. */
@Component
class TicketHandler {

	private static final byte[] NOTHING = new byte[0];

	private final Tickets tickets;

	private final Envelope envelope;

	private final JsonMapper json;

	TicketHandler(Tickets tickets, Envelope envelope, JsonMapper json) {
		this.tickets = tickets;
		this.envelope = envelope;
		this.json = json;
	}

	/** {@code POST /orders/{id}/tickets}, with {@code {"card":true}} or nothing. */
	Mono<ServerResponse> ofOrder(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		String order = request.pathVariable("id");
		return request.bodyToMono(byte[].class).defaultIfEmpty(NOTHING).map(this::card).flatMap((card) -> {
			if (card) {
				caller.demand(Scope.CARDS_REVEAL);
			}
			return this.tickets.ofOrder(caller, order, card);
		}).flatMap((issued) -> answer(request, issued, "/track/" + order));
	}

	/** {@code POST /orders/tickets}: of the board. */
	Mono<ServerResponse> ofBoard(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		return this.tickets.ofBoard(caller).flatMap((issued) -> answer(request, issued, "/"));
	}

	/** {@code POST /orders/sign-out}, by the cookie that it ends. */
	Mono<ServerResponse> signOut(ServerRequest request) {
		Admitted admitted = (Admitted) request.attribute(Admitted.class.getName())
			.orElseThrow(
					() -> Problem.of(ErrorCode.INVALID_TICKET, "no cookie of the board came along").money(false, true));
		return this.tickets.signOut(admitted.session()).then(Mono.defer(() -> {
			Browsers.forget(request.exchange().getResponse());
			return ServerResponse.noContent().cacheControl(CacheControl.noStore()).build();
		}));
	}

	private Mono<ServerResponse> answer(ServerRequest request, Issued issued, String page) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("ticket", issued.secret().text());
		data.put("expiresAt", Envelope.timestamp(issued.end()));
		data.put("page", page + "?ticket=" + issued.secret().text());
		return Envelope.answer(HttpStatus.CREATED)
			.cacheControl(CacheControl.noStore())
			.bodyValue(this.envelope.success(request, data));
	}

	private boolean card(byte[] body) {
		JsonNode card = fields(body).path("card");
		if (!card.isMissingNode() && !card.isBoolean()) {
			throw malformed("card", "must be true or false");
		}
		return card.asBoolean(false);
	}

	private JsonNode fields(byte[] body) {
		if (body.length == 0) {
			return this.json.createObjectNode();
		}
		try {
			JsonNode fields = this.json.readTree(body);
			if (fields.isObject()) {
				return fields;
			}
		}
		catch (JacksonException | NumberFormatException malformed) {
			// Told below. An exponent beyond all limits is no JacksonException.
		}
		throw malformed("body", "must be a JSON object, or nothing");
	}

	private static Problem malformed(String field, String message) {
		return Problem.of(ErrorCode.ERR_VALIDATION, field + " " + message).detail("field", field).money(false, true);
	}

}
