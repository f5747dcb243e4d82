package dz.flexy.gateway.dispatch;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.EarlierUse;
import dz.flexy.gateway.orders.GivenAnswer;
import dz.flexy.gateway.orders.Idempotency;
import dz.flexy.gateway.orders.IdempotencyKey;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Answers sends. What an order is answered with is decided once, in the database, and
 * kept for those who ask again with the same {@code Idempotency-Key}.
 */
@Component
class Answers {

	private static final Logger log = LoggerFactory.getLogger(Answers.class);

	/**
	 * Beyond the longest wait of an answer, an unanswered request is not in flight any
	 * more.
	 */
	private static final Duration IN_FLIGHT_MARGIN = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Orders orders;

	private final Idempotency idempotency;

	private final Envelope envelope;

	private final Duration inFlight;

	Answers(Orders orders, Idempotency idempotency, Envelope envelope, DispatchProperties properties) {
		this.orders = orders;
		this.idempotency = idempotency;
		this.envelope = envelope;
		this.inFlight = properties.sendWait().plus(IN_FLIGHT_MARGIN);
	}

	/**
	 * Decides and keeps the answer to a send that was accepted.
	 * @return exactly one; a database that fails now leaves the caller with the id, since
	 * the order stands. One that does not know the order is a fault
	 */
	Mono<GivenAnswer> decide(ServerRequest request, SendRequest send, Order order) {
		return decide(request, order, send.idempotency(), true);
	}

	private Mono<GivenAnswer> decide(ServerRequest request, Order order, Optional<IdempotencyKey> key,
			boolean refusable) {
		return this.orders.answer(order.id(), refusable)
			.timeout(PATIENCE)
			.map((decided) -> answer(request, decided))
			.onErrorResume((failure) -> {
				log.warn("answer to order {} not decided: {}", order.id(), failure.toString());
				return Mono.just(id(request, order));
			})
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("accepted, but not there: " + order.id())))
			.flatMap((answer) -> keep(key, order.id(), answer).thenReturn(answer));
	}

	/** What was decided is told, kept or not: a repeat finds the same decision. */
	private Mono<Void> keep(Optional<IdempotencyKey> key, OrderId order, GivenAnswer answer) {
		return key.isEmpty() ? Mono.empty()
				: this.idempotency.keep(order, answer)
					.timeout(PATIENCE)
					.doOnError((failure) -> log.warn("answer to order {} not kept: {}", order, failure.toString()))
					.onErrorComplete();
	}

	/** The answer to an earlier request with the same key; empty if there was none. */
	Mono<ServerResponse> replay(ServerRequest request, SendRequest send) {
		return Mono.justOrEmpty(send.idempotency())
			.flatMap((key) -> this.idempotency.find(key)
				.timeout(PATIENCE)
				.onErrorMap(Answers::unreadable)
				.flatMap((earlier) -> replay(request, key, earlier)));
	}

	/** 202 with the place where the order can be seen (RFC 9110, section 15.3.3). */
	Mono<ServerResponse> accepted(ServerRequest request, SendRequest send, Order order) {
		GivenAnswer answer = new GivenAnswer(HttpStatus.ACCEPTED.value(),
				this.envelope.success(request, receipt(order)));
		return keep(send.idempotency(), order.id(), answer).then(Mono.defer(() -> ServerResponse.accepted()
			.location(URI.create("/orders/" + order.id()))
			.header("Preference-Applied", "respond-async")
			.contentType(Envelope.JSON)
			.bodyValue(answer.body())));
	}

	Mono<ServerResponse> write(GivenAnswer answer) {
		return this.envelope.write(HttpStatusCode.valueOf(answer.status()), answer.body());
	}

	private Mono<ServerResponse> replay(ServerRequest request, IdempotencyKey key, EarlierUse earlier) {
		if (!earlier.sameBody(key)) {
			return Mono
				.error(Problem.of(ErrorCode.IDEMPOTENCY_KEY_REUSED, "this Idempotency-Key was used with another body")
					.money(false, false));
		}
		if (earlier.given().isPresent()) {
			return replayed(earlier.given().get(), earlier.orderId());
		}
		return (earlier.age().compareTo(this.inFlight) < 0) ? Mono.error(Problem
			.of(ErrorCode.IDEMPOTENCY_KEY_IN_USE, "the first request with this Idempotency-Key is still being answered")
			.detail("orderId", earlier.orderId().value())
			.money(true, true)
			.retryAfter(this.inFlight.minus(earlier.age()))) : unanswered(request, key, earlier.orderId());
	}

	/** The first request was never answered; it is too late for a refusal. */
	private Mono<ServerResponse> unanswered(ServerRequest request, IdempotencyKey key, OrderId id) {
		return this.orders.find(id)
			.flatMap((order) -> decide(request, order, Optional.of(key), false))
			.flatMap((answer) -> replayed(answer, id));
	}

	private Mono<ServerResponse> replayed(GivenAnswer answer, OrderId id) {
		ServerResponse.BodyBuilder response = Envelope.answer(HttpStatusCode.valueOf(answer.status()))
			.header("Idempotency-Replayed", "true");
		if (answer.status() == HttpStatus.ACCEPTED.value()) {
			response = response.location(URI.create("/orders/" + id));
		}
		return response.bodyValue(answer.body());
	}

	private GivenAnswer answer(ServerRequest request, Order decided) {
		if (decided.answered().filter(Order.Answered.REFUSED::equals).isEmpty()) {
			return id(request, decided);
		}
		Problem refusal = decided.refusal().orElseThrow();
		return new GivenAnswer(refusal.status(), this.envelope.failure(RequestId.of(request.exchange()), refusal));
	}

	private GivenAnswer id(ServerRequest request, Order order) {
		return new GivenAnswer(HttpStatus.OK.value(), this.envelope.success(request, receipt(order)));
	}

	private static Map<String, Object> receipt(Order order) {
		boolean giftCards = order.family() == Family.GIFT_CARD;
		Map<String, Object> receipt = new LinkedHashMap<>();
		receipt.put(giftCards ? "orderId" : "topupId", order.id().value());
		receipt.put(giftCards ? "ref" : "topupRef", order.ref());
		return receipt;
	}

	private static Problem unreadable(Throwable failure) {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "earlier requests cannot be looked up; nothing was accepted")
			.money(false, true);
	}

}
