package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Commits a new order, and says exactly what is known when that fails. */
@Component
class Acceptance {

	/** A connection may die without a word; the caller is told that nothing is known. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** For an order that would fit by now. */
	private static final Duration SOON = Duration.ofSeconds(1);

	private final OrderStore store;

	private final GroupCommit commits;

	private final OrderTraces traces;

	private final Clock clock;

	private final SecureRandom random;

	Acceptance(OrderStore store, GroupCommit commits, OrderTraces traces, Clock clock, SecureRandom random) {
		this.store = store;
		this.commits = commits;
		this.traces = traces;
		this.clock = clock;
		this.random = random;
	}

	Mono<Order> commit(NewOrder order) {
		return Mono.deferContextual((context) -> {
			Uncommitted waiting = new Uncommitted(OrderId.next(this.clock.instant(), this.random), order);
			this.traces.remember(waiting.id(), context);
			return this.commits.commit(waiting)
				.onErrorMap((failure) -> told(waiting, failure))
				.timeout(PATIENCE, Mono.error(() -> waiting.withdraw() ? notStored() : unknown(waiting)))
				.switchIfEmpty(Mono.defer(() -> overspent(order)));
		});
	}

	/**
	 * A repeated ref is told so even where the limit would refuse it: its order may have
	 * been bought.
	 */
	private Mono<Order> overspent(NewOrder order) {
		Mono<Order> earlier = Mono.justOrEmpty(order.ref())
			.flatMap((ref) -> this.store.findByRef(order.caller().id(), order.family(), ref));
		Mono<Problem> refusal = Mono.justOrEmpty(order.caller().spendLimit())
			.flatMap((limit) -> this.store.spent(order.caller().id(), limit)
				.map((spent) -> tooMuch(order.item().value(), limit.amount(), spent)));
		return earlier.<Problem>map((known) -> duplicate(order))
			.switchIfEmpty(refusal)
			.timeout(PATIENCE)
			.onErrorResume((failure) -> Mono.just(notStored()))
			.flatMap(Mono::error);
	}

	/** What was spent is read after the refusal: others may have given back meanwhile. */
	private static Problem tooMuch(BigDecimal value, BigDecimal limit, OrderStore.Spent spent) {
		if (value.compareTo(limit) > 0) {
			return tooMuch("the order alone exceeds what the caller may order in any window", limit, spent);
		}
		Problem problem = tooMuch("the order exceeds what the caller may order in this window", limit, spent);
		return (spent.amount().add(value).compareTo(limit) <= 0) ? problem.retryAfter(SOON) : problem;
	}

	private static Problem tooMuch(String message, BigDecimal limit, OrderStore.Spent spent) {
		return Problem.of(ErrorCode.SPEND_LIMIT_EXCEEDED, message)
			.detail("limit", limit)
			.detail("spent", spent.amount())
			.money(false, true)
			.retryAfter(spent.rest());
	}

	private static Problem duplicate(NewOrder order) {
		return Problem.of(ErrorCode.DUPLICATED_REF, "this ref has been used before")
			.detail("ref", order.ref().orElse(null))
			.money(false, false);
	}

	private static Problem notStored() {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "the order could not be stored; nothing was accepted")
			.money(false, true);
	}

	private static Throwable told(Uncommitted waiting, Throwable failure) {
		Optional<String> constraint = StatementFailure.constraint(failure);
		if (constraint.filter("orders_ref"::equals).isPresent()) {
			return duplicate(waiting.order());
		}
		if (constraint.filter("orders_idempotency_key"::equals).isPresent()) {
			return new IdempotencyKeyTaken();
		}
		return (waiting.withdraw() || StatementFailure.leftNothing(failure)) ? notStored() : unknown(waiting);
	}

	private static Problem unknown(Uncommitted waiting) {
		NewOrder order = waiting.order();
		boolean findable = order.ref().isPresent() || order.idempotency().isPresent();
		return Problem
			.of(ErrorCode.ACCEPTANCE_UNKNOWN, "the order may have been accepted; retry with the same ref or key only")
			.detail("orderId", waiting.id().value())
			.money(true, findable);
	}

}
