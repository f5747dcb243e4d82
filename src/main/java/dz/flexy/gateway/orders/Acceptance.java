package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;
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

	private final Clock clock;

	private final SecureRandom random;

	Acceptance(OrderStore store, Clock clock, SecureRandom random) {
		this.store = store;
		this.clock = clock;
		this.random = random;
	}

	Mono<Order> commit(NewOrder order) {
		return Mono.defer(() -> {
			OrderId id = OrderId.next(this.clock.instant(), this.random);
			AtomicBoolean begun = new AtomicBoolean();
			return this.store.accept(id, order.ref().orElseGet(id::value), order, () -> begun.set(true))
				.timeout(PATIENCE)
				.onErrorMap((failure) -> told(order, id, failure, begun.get()))
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

	private static Throwable told(NewOrder order, OrderId id, Throwable failure, boolean begun) {
		Optional<String> constraint = constraint(failure);
		if (constraint.filter("orders_ref"::equals).isPresent()) {
			return duplicate(order);
		}
		if (constraint.filter("orders_idempotency_key"::equals).isPresent()) {
			return new IdempotencyKeyTaken();
		}
		if (!begun || rolledBack(failure)) {
			return notStored();
		}
		boolean findable = order.ref().isPresent() || order.idempotency().isPresent();
		return Problem
			.of(ErrorCode.ACCEPTANCE_UNKNOWN, "the order may have been accepted; retry with the same ref or key only")
			.detail("orderId", id.value())
			.money(true, findable);
	}

	private static Optional<String> constraint(Throwable failure) {
		return causes(failure).filter(PostgresqlException.class::isInstance)
			.map((cause) -> ((PostgresqlException) cause).getErrorDetails().getConstraintName())
			.flatMap(Optional::stream)
			.findFirst();
	}

	/**
	 * The server reported an error, so the statement left nothing behind; except for
	 * connection failures (08), interventions such as a shutdown (57), and the state that
	 * says so itself (40003).
	 */
	private static boolean rolledBack(Throwable failure) {
		return causes(failure).filter(R2dbcException.class::isInstance)
			.map((cause) -> ((R2dbcException) cause).getSqlState())
			.anyMatch(Acceptance::leavesNothing);
	}

	private static boolean leavesNothing(@Nullable String sqlState) {
		return sqlState != null && !sqlState.startsWith("08") && !sqlState.startsWith("57")
				&& !sqlState.equals("40003");
	}

	private static Stream<Throwable> causes(Throwable failure) {
		Stream.Builder<Throwable> causes = Stream.builder();
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < 20; depth++) {
			causes.add(cause);
			cause = cause.getCause();
		}
		return causes.build();
	}

}
