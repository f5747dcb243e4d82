package dz.flexy.gateway.orders;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An order on its way into the ledger. */
final class Uncommitted {

	private final OrderId id;

	private final NewOrder order;

	private final AtomicReference<Step> step = new AtomicReference<>(Step.WAITS);

	private final Sinks.One<Order> outcome = Sinks.one();

	Uncommitted(OrderId id, NewOrder order) {
		this.id = id;
		this.order = order;
	}

	OrderId id() {
		return this.id;
	}

	NewOrder order() {
		return this.order;
	}

	/** One that the caller didn't give is the id. */
	String ref() {
		return this.order.ref().orElseGet(this.id::value);
	}

	/** The order as committed, its failure, or empty if the spend limit is too low. */
	Mono<Order> outcome() {
		return this.outcome.asMono();
	}

	/** False if nobody waits for it any more: then it must not be committed. */
	boolean take() {
		return this.step.compareAndSet(Step.WAITS, Step.TAKEN);
	}

	/**
	 * The statement goes out: from now on only its answer tells.
	 * @throws Withdrawn if nobody waits for it any more: then it must not go out
	 */
	void begin() {
		if (!this.step.compareAndSet(Step.TAKEN, Step.BEGUN)) {
			throw new Withdrawn();
		}
	}

	/** The statement has left nothing behind, or was not sent. */
	void putBack() {
		this.step.updateAndGet((now) -> switch (now) {
			case TAKEN, BEGUN -> Step.WAITS;
			case ABANDONED -> Step.WITHDRAWN;
			case WAITS, WITHDRAWN -> now;
		});
	}

	/**
	 * Nobody waits for it any more.
	 * @return whether it is certain that it is not committed and will not be
	 */
	boolean withdraw() {
		return this.step.updateAndGet((now) -> switch (now) {
			case WAITS, TAKEN -> Step.WITHDRAWN;
			case BEGUN -> Step.ABANDONED;
			case ABANDONED, WITHDRAWN -> now;
		}) == Step.WITHDRAWN;
	}

	void committed(@Nullable Order row) {
		if (row != null) {
			this.outcome.tryEmitValue(row);
		}
		else {
			this.outcome.tryEmitEmpty();
		}
	}

	void failed(Throwable failure) {
		this.outcome.tryEmitError(failure);
	}

	private enum Step {

		WAITS, TAKEN, BEGUN,

		/** Begun, and nobody waits for it any more. */
		ABANDONED,

		WITHDRAWN

	}

	/** One of those in a statement must not go out, so it didn't. */
	static final class Withdrawn extends RuntimeException {

		Withdrawn() {
			super("an order was withdrawn", null, false, false);
		}

	}

}
