package dz.flexy.gateway.reconciliation;

import java.util.Optional;
import java.util.regex.Pattern;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The body of a move: who wants it, why, and with what.
 *
 * @param who holds the scope
 * @param request that asks for it
 * @param reason in his words
 * @param fields the whole body
 */
record Instruction(Caller who, RequestId request, String reason, JsonNode fields) {

	private static final byte[] NOTHING = new byte[0];

	/** Bounded so that it can be read in a table. */
	private static final Pattern REASON = Pattern.compile("\\P{Cntrl}{3,500}");

	private static final Pattern UPSTREAM_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	/** Exactly one; fails with 400, naming the field. */
	static Mono<Instruction> read(ServerRequest request, JsonMapper json) {
		Caller who = Caller.of(request, Scope.OPERATOR);
		return request.bodyToMono(byte[].class).defaultIfEmpty(NOTHING).map((body) -> {
			JsonNode fields = parse(body, json);
			return new Instruction(who, RequestId.of(request.exchange()), reason(fields), fields);
		});
	}

	/** The upstream's id that is to be adopted. */
	String upstreamId() {
		JsonNode id = this.fields.path("upstreamId");
		if (!id.isString() || !UPSTREAM_ID.matcher(id.asString()).matches()) {
			throw Parameters.problem("upstreamId", "must be an id of letters, digits, - and _");
		}
		return id.asString();
	}

	/** As it is written down. */
	Move move(String name) {
		return new Move(name, this.who.id(), this.request, this.reason, Optional.empty());
	}

	/** The same with arguments in JSON. */
	Move move(String name, String arguments) {
		return new Move(name, this.who.id(), this.request, this.reason, Optional.of(arguments));
	}

	private static String reason(JsonNode fields) {
		JsonNode given = fields.path("reason");
		String reason = given.isString() ? given.asString().strip() : "";
		if (!REASON.matcher(reason).matches()) {
			throw Parameters.problem("reason", "is required: 3 to 500 characters in one line");
		}
		return reason;
	}

	private static JsonNode parse(byte[] body, JsonMapper json) {
		try {
			JsonNode parsed = json.readTree(body);
			if (parsed != null && parsed.isObject()) {
				return parsed;
			}
		}
		catch (JacksonException | NumberFormatException malformed) {
			// Told below. An exponent beyond all limits is no JacksonException.
		}
		throw Problem.of(ErrorCode.ERR_VALIDATION, "the body must be a JSON object")
			.detail("field", "body")
			.money(false, true);
	}

}
