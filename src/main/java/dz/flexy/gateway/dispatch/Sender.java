package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Supplier;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.balance.Balance;
import dz.flexy.gateway.catalog.Offer;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Takes a claimed order through the checks of the documented client flow (number,
 * product, balance) and has it sent. A check refuses only on fresh facts; whatever is not
 * known passes, and the upstream decides.
 */
@Component
class Sender {

	private final Orders orders;

	private final Accounts accounts;

	private final LocalChecks checks;

	private final Balance balance;

	private final CutOver cutOver;

	private final Attempt attempt;

	Sender(Orders orders, Accounts accounts, LocalChecks checks, Balance balance, CutOver cutOver, Attempt attempt) {
		this.cutOver = cutOver;
		this.orders = orders;
		this.accounts = accounts;
		this.checks = checks;
		this.balance = balance;
		this.attempt = attempt;
	}

	/**
	 * Sends an order that was never sent.
	 * @param begun run when the send is committed, before its first byte; never if it is
	 * not sent
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> send(Order order, Runnable begun) {
		if (order.readAt().isAfter(order.sending().deadline())) {
			return this.orders.reject(order,
					Problem.of(ErrorCode.NOT_SENT_IN_TIME, "the order could not be begun before its deadline")
						.money(false, true));
		}
		Account account = this.accounts.get(order.account());
		return unlessDirect(account, order, () -> checked(account, order, begun));
	}

	private Mono<Order> checked(Account account, Order order, Runnable begun) {
		return Mono.zip(this.checks.offer(account, order), this.checks.numberRefusal(account, order))
			.flatMap((known) -> {
				Offer offer = known.getT1();
				Optional<Problem> refusal = known.getT2().or(offer::refusal).or(() -> tooDear(offer, order.item()));
				return refusal.isPresent() ? this.orders.reject(order, refusal.get())
						: paid(account, order, offer.cost(), begun);
			});
	}

	/**
	 * Sends an order again that is proven not to have arrived. After a restore it may not
	 * have been looked at before, so what its caller forbids is looked at again.
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> resend(Order order) {
		Account account = this.accounts.get(order.account());
		return unlessDirect(account, order, () -> this.checks.offer(account, order).flatMap((offer) -> {
			Optional<Problem> refusal = tooDear(offer, order.item());
			return refusal.isPresent() ? this.orders.reject(order, refusal.get())
					: this.attempt.make(account, order, offer.cost(), () -> {
						// It holds no place among the waiting.
					});
		}));
	}

	private Mono<Order> unlessDirect(Account account, Order order, Supplier<Mono<Order>> send) {
		return this.cutOver.before(account, order).flatMap((finding) -> switch (finding) {
			case ABSENT -> send.get();
			case PRESENT -> this.orders.reject(order, CutOver.duplicate(order));
			case UNCLEAR -> this.attempt.notNow(order, "whether the ref was sent upstream before cannot be found out");
		});
	}

	private Mono<Order> paid(Account account, Order order, Optional<BigDecimal> cost, Runnable begun) {
		Mono<Optional<Problem>> refusal = cost.isPresent()
				? this.balance.refusal(account, cost.get(), order.acceptedAt()) : Mono.just(Optional.empty());
		return refusal.flatMap((problem) -> problem.isPresent() ? this.orders.reject(order, problem.get())
				: this.attempt.make(account, order, cost, begun));
	}

	private static Optional<Problem> tooDear(Offer offer, Item item) {
		return offer.cost()
			.filter((cost) -> item.maxCost().filter((most) -> cost.compareTo(most) > 0).isPresent())
			.map((cost) -> Problem.of(ErrorCode.PRICE_CHANGED, "the price is above max_cost")
				.detail("cost", cost)
				.detail("max_cost", item.maxCost().orElseThrow())
				.money(false, true));
	}

}
