package dz.flexy.gateway.reconciliation;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.passthrough.LostPayments;
import dz.flexy.gateway.passthrough.PaymentRow;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.reconciliation.MoveStore.Subject;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Payments that were passed on and whose answer was lost. */
@Component
class OperatorPaymentHandler {

	private static final Pattern ID = Pattern.compile("[0-9a-f]{24}");

	/** Behind it stands whatever the database can compare with. */
	private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

	private final LostPayments payments;

	private final MoveLog log;

	private final Envelope envelope;

	private final JsonMapper json;

	OperatorPaymentHandler(LostPayments payments, MoveLog log, Envelope envelope, JsonMapper json) {
		this.payments = payments;
		this.log = log;
		this.envelope = envelope;
		this.json = json;
	}

	/** {@code GET /operator/payments}: those that are {@code UNKNOWN}, newest first. */
	Mono<ServerResponse> list(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		Parameters query = new Parameters(request);
		int limit = query.limit();
		Place place = query.text("cursor").map(Place::parse).orElse(new Place(LAST, ""));
		return this.payments.before(place.at(), place.id(), limit + 1)
			.collectList()
			.flatMap((found) -> this.envelope.ok(request, page(found, limit)));
	}

	/** {@code GET /operator/payments/{id}}: any payment, with what was done about it. */
	Mono<ServerResponse> one(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		return found(request.pathVariable("id")).flatMap((payment) -> told(request, payment));
	}

	Mono<ServerResponse> markPaid(ServerRequest request) {
		return decided(request, "mark-paid", true);
	}

	Mono<ServerResponse> markNotPaid(ServerRequest request) {
		return decided(request, "mark-not-paid", false);
	}

	private Mono<ServerResponse> decided(ServerRequest request, String name, boolean paid) {
		return Instruction.read(request, this.json)
			.zipWhen((instruction) -> found(request.pathVariable("id")))
			.flatMap((both) -> {
				String id = both.getT2().id();
				Move move = both.getT1().move(name);
				Mono<PaymentRow> decided = this.payments.decide(id, paid, move)
					.switchIfEmpty(Mono.defer(() -> found(id).flatMap((now) -> Mono.error(refused(now)))));
				return this.log.watched(Subject.PAYMENT, id, move, decided);
			})
			.flatMap((payment) -> told(request, payment));
	}

	private Mono<PaymentRow> found(String id) {
		return Mono.just(id)
			.filter((text) -> ID.matcher(text).matches())
			.flatMap(this.payments::find)
			.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such payment").money(false, true)));
	}

	private Mono<ServerResponse> told(ServerRequest request, PaymentRow payment) {
		return this.log.of(Subject.PAYMENT, payment.id())
			.flatMap((moves) -> this.envelope.ok(request, new View(view(payment)).put("moves", moves).fields()));
	}

	private static Problem refused(PaymentRow payment) {
		return Problem.of(ErrorCode.MOVE_REFUSED, "it is known what became of the payment")
			.detail("paymentId", payment.id())
			.detail("state", payment.state())
			.money(false, true);
	}

	private static Map<String, Object> page(List<PaymentRow> found, int limit) {
		List<PaymentRow> shown = found.subList(0, Math.min(limit, found.size()));
		return new View().put("items", shown.stream().map(OperatorPaymentHandler::view).toList())
			.put("nextCursor", (found.size() > limit) ? Place.of(shown.getLast()).text() : null)
			.fields();
	}

	private static Map<String, Object> view(PaymentRow payment) {
		return new View().put("paymentId", payment.id())
			.put("account", payment.account())
			.put("caller", payment.caller())
			.put("route", payment.route())
			.put("state", payment.state())
			.put("ref", payment.ref())
			.put("transactionId", payment.transactionId())
			.put("billIds", payment.billIds())
			.put("requestId", payment.requestId())
			.put("createdAt", payment.createdAt())
			.put("endedAt", payment.endedAt())
			.put("answerStatus", payment.answerStatus())
			.put("upstreamId", payment.upstreamId())
			.put("reason", payment.reason())
			.fields();
	}

	/** A place in the list; opaque to whoever asks. */
	private record Place(Instant at, String id) {

		static Place of(PaymentRow payment) {
			return new Place(payment.createdAt(), payment.id());
		}

		static Place parse(String text) {
			try {
				String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ",
						2);
				Instant at = Instant.parse(parts[0]);
				if (parts.length == 2 && ID.matcher(parts[1]).matches() && at.isBefore(LAST)
						&& at.isAfter(Instant.EPOCH)) {
					return new Place(at, parts[1]);
				}
			}
			catch (IllegalArgumentException | DateTimeException malformed) {
				// told below
			}
			throw Parameters.problem("cursor", "is not one that was given out");
		}

		String text() {
			return Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString((this.at + " " + this.id).getBytes(StandardCharsets.US_ASCII));
		}

	}

}
