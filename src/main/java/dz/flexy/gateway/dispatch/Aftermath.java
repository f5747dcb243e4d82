package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.balance.Balance;
import dz.flexy.gateway.catalog.Catalog;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Receipt;
import dz.flexy.gateway.upstream.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

import org.springframework.stereotype.Component;

/**
 * What an order becomes after a send. The one rule behind all: as long as any send of the
 * order may have acted, it is looked up and never given up.
 */
@Component
class Aftermath {

	private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

	private static final RetryBackoffSpec STORED = Retry.backoff(5, Duration.ofMillis(200))
		.maxBackoff(Duration.ofSeconds(2));

	/** Nothing else tells which of the upstream's orders one without a reference is. */
	private static final RetryBackoffSpec STORED_FOR_LONG = Retry.backoff(10, Duration.ofMillis(200))
		.maxBackoff(Duration.ofSeconds(5));

	/** A connection to the database may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Logger log = LoggerFactory.getLogger(Aftermath.class);

	private static final Duration ANOTHERS_TURN = Duration.ofSeconds(2);

	private final Orders orders;

	private final Catalog catalog;

	private final Balance balance;

	private final Replicas replicas;

	private final Delays delays;

	Aftermath(Orders orders, Catalog catalog, Balance balance, Replicas replicas, Delays delays) {
		this.delays = delays;
		this.orders = orders;
		this.catalog = catalog;
		this.balance = balance;
		this.replicas = replicas;
	}

	/**
	 * What the outcome of a committed send makes of its order.
	 * @param order in {@code SENDING}
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> of(Account account, Order order, Outcome<Receipt> outcome) {
		return switch (outcome) {
			case Outcome.Success<Receipt> success -> taken(account, order, success.value());
			case Outcome.Refused<Receipt> refused -> refused(account, order, refused.refusal());
			case Outcome.NotSent<Receipt> notSent when notSent.answered() && !hasRef(order)
					&& order.sending().count() == 1 ->
				this.orders.reject(order, turnedAway(order, notSent));
			case Outcome.NotSent<Receipt> notSent -> notSent(order, notSent);
			case Outcome.MayHaveActed<Receipt> unclear -> {
				this.balance.moved(account.id());
				yield unclear(order, unclear.reason());
			}
		};
	}

	/**
	 * The send was not even committed.
	 * @param order claimed
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> neverBegun(Order order, Outcome.NotSent<Receipt> notSent) {
		return (order.sending().count() == 0) ? againOrNever(order, notSent, Change.note())
				: this.orders.apply(order, Change.note().dueIn(pause(notSent)));
	}

	private Mono<Order> taken(Account account, Order order, Receipt receipt) {
		this.balance.moved(account.id());
		OrderState state = (order.family() == Family.MOBILE) ? OrderState.PENDING : OrderState.HANDLING;
		Change change = Change.to(state).upstreamId(receipt.id());
		return this.orders.apply(order, change)
			.switchIfEmpty(Mono.defer(() -> overtaken(order, change)))
			.timeout(PATIENCE)
			.retryWhen(untilStored(order))
			.doOnError((failure) -> log.error("order {} was taken upstream as {} and that cannot be stored: {}",
					order.id(), receipt.id(), failure.toString()))
			.switchIfEmpty(Mono.fromRunnable(() -> log.warn("order {} was taken upstream as {}, and has moved since",
					order.id(), receipt.id())));
	}

	/** Orders with a reference are found by it. */
	static RetryBackoffSpec untilStored(Order order) {
		return hasRef(order) ? STORED : STORED_FOR_LONG;
	}

	/** Settling has begun to look for it, while the database was away. */
	private Mono<Order> overtaken(Order order, Change change) {
		return this.orders.find(order.id())
			.filter((now) -> now.state().isUnsent() && now.state() != OrderState.ACCEPTED && now.upstreamId() == null
					&& now.sending().count() == order.sending().count())
			.flatMap((now) -> this.orders.apply(now, change));
	}

	private Mono<Order> refused(Account account, Order order, Refusal refusal) {
		if (refusal.is(ErrorCode.ERR_STOCK)
				|| (refusal.is(ErrorCode.ERR_VALIDATION) && order.family() == Family.MOBILE)) {
			stockRefused(account, order);
		}
		if (refusal.is(ErrorCode.DUPLICATED_REF) && hasRef(order)) {
			Mono<Order> arrived = this.orders.apply(order, doubtful(refusal.code()).arrived());
			return (order.sending().count() > 1) ? arrived.delayUntil(this.delays::sentTwice) : arrived;
		}
		if (order.sending().count() > 1) {
			return unclear(order, refusal.code());
		}
		Problem problem = refusal.asProblem().detail("orderId", order.id().value()).money(false, true);
		return refusal.known().isPresent() ? this.orders.reject(order, problem) : this.orders.doubt(order, problem);
	}

	private Mono<Order> unclear(Order order, String reason) {
		return this.orders.apply(order, doubtful(reason));
	}

	/** Nothing would tell a second send from the first, should that have acted. */
	private static boolean hasRef(Order order) {
		return order.family() != Family.GIFT_CARD;
	}

	private static Problem turnedAway(Order order, Outcome.NotSent<Receipt> notSent) {
		return Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "the upstream took no order: " + notSent.reason())
			.detail("orderId", order.id().value())
			.money(false, true);
	}

	private void stockRefused(Account account, Order order) {
		switch (order.family()) {
			case GIFT_CARD -> this.catalog.giftStockRefused(account.id(), order.item().product());
			case MOBILE -> this.catalog.plansDoubted(account.id());
			default -> this.catalog.stockRefused(account.id(), order.item().product());
		}
	}

	private static Change doubtful(String reason) {
		return Change.to(OrderState.SEND_UNKNOWN).reason(reason).dueIn(FIRST_LOOK);
	}

	/**
	 * An earlier send may have acted, so only the first one's order goes back to the
	 * start.
	 */
	private Mono<Order> notSent(Order order, Outcome.NotSent<Receipt> notSent) {
		int sends = order.sending().count() - 1;
		return (sends == 0) ? againOrNever(order, notSent, Change.to(OrderState.ACCEPTED).sends(0)) : this.orders.apply(
				order, Change.to(OrderState.SEND_UNKNOWN).sends(sends).reason(notSent.reason()).dueIn(pause(notSent)));
	}

	private Mono<Order> againOrNever(Order order, Outcome.NotSent<Receipt> notSent, Change again) {
		Duration pause = pause(notSent);
		boolean never = order.readAt().plus(pause).isAfter(order.sending().deadline());
		return never
				? this.orders.reject(order,
						Problem.of(ErrorCode.NOT_SENT_IN_TIME, "not sent before the deadline: " + notSent.reason())
							.detail("orderId", order.id().value())
							.money(false, true))
				: this.orders.apply(order, again.reason(notSent.reason()).dueIn(pause));
	}

	/**
	 * What is this replica's own trouble need not be another's: in a rolling update one
	 * may still have a key that is refused while the next has a new one.
	 */
	private Duration pause(Outcome.NotSent<Receipt> notSent) {
		Duration least = notSent.retryAfter().compareTo(SHORTEST_PAUSE) > 0 ? notSent.retryAfter() : SHORTEST_PAUSE;
		boolean anothersTurn = notSent.ofKey() && !this.replicas.alone() && least.compareTo(ANOTHERS_TURN) > 0;
		return anothersTurn ? ANOTHERS_TURN : least;
	}

}
