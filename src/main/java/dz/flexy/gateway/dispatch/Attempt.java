package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Purchase;
import dz.flexy.gateway.upstream.Purchases;
import dz.flexy.gateway.upstream.Receipt;
import dz.flexy.gateway.upstream.Upstream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * One send. {@code SENDING} is committed with breaker permission, permit and connection
 * in hand, right before the first byte; if that commit does not succeed, nothing is
 * written.
 */
@Component
class Attempt {

	static final Duration LONGEST_PERMIT_WAIT = Duration.ofSeconds(10);

	private static final Duration NOT_NOW = Duration.ofSeconds(2);

	/** Beyond the last possible answer, for the commit of what came of it. */
	private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

	private final Orders orders;

	private final Purchases purchases;

	private final Aftermath aftermath;

	private final GiftCardSends giftCards;

	private final Duration sendWithin;

	private final Duration lease;

	Attempt(Orders orders, Purchases purchases, Aftermath aftermath, GiftCardSends giftCards, Upstream upstream,
			DispatchProperties properties) {
		this.giftCards = giftCards;
		this.orders = orders;
		this.purchases = purchases;
		this.aftermath = aftermath;
		this.sendWithin = properties.sendWithin();
		this.lease = properties.sendWithin().plus(upstream.longestAnswer()).plus(LEASE_MARGIN);
	}

	/**
	 * Sends once.
	 * @param cost the price, if known, stored with the send
	 * @param begun run when the send is committed, before its first byte
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> make(Account account, Order order, Optional<BigDecimal> cost, Runnable begun) {
		return run(account, order,
				Mono.defer(() -> this.orders.beginSending(order, cost.orElse(null), this.sendWithin, this.lease)),
				begun);
	}

	/**
	 * Sends once more what an operator allows, whatever its deadline.
	 * @param move what he does, stored with the send
	 * @param begun run when the send is committed, before its first byte
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> allowed(Account account, Order order, Move move, Runnable begun) {
		return run(account, order, Mono.defer(() -> this.orders.beginAllowed(order, this.sendWithin, this.lease, move)),
				begun);
	}

	private Mono<Order> run(Account account, Order order, Mono<Order> begin, Runnable begun) {
		return (order.family() == Family.GIFT_CARD)
				? this.giftCards.run((enter) -> send(account, order, enter.then(begin), begun))
				: send(account, order, begin, begun);
	}

	private Mono<Order> send(Account account, Order order, Mono<Order> begin, Runnable begun) {
		AtomicReference<Order> sending = new AtomicReference<>();
		Mono<Void> commit = begin
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("order " + order.id() + " is not to be sent")))
			.doOnNext(sending::set)
			.doOnNext((committed) -> begun.run())
			.then();
		return this.purchases.send(Call.send(account, LONGEST_PERMIT_WAIT), purchase(order), commit, this.sendWithin)
			.flatMap((outcome) -> settle(account, order, sending.get(), outcome));
	}

	/**
	 * Puts an order back that was never sent, to be tried again soon.
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> notNow(Order order, String reason) {
		return this.aftermath.neverBegun(order, new Outcome.NotSent<>(Fault.GATEWAY, reason, NOT_NOW));
	}

	private Mono<Order> settle(Account account, Order order, @Nullable Order sending, Outcome<Receipt> outcome) {
		if (sending != null) {
			return this.aftermath.of(account, sending, outcome);
		}
		return (outcome instanceof Outcome.NotSent<Receipt> notSent) ? this.aftermath.neverBegun(order, notSent)
				: Mono.error(new IllegalStateException("order " + order.id() + " was sent without a commit"));
	}

	private static Purchase purchase(Order order) {
		return switch (order.item()) {
			case Item.TopUp item when order.family() == Family.MOBILE ->
				new Purchase.Mobile(item.product(), item.number(), item.value(), order.upstreamRef());
			case Item.TopUp item ->
				new Purchase.Internet(item.product(), item.number(), item.value(), order.upstreamRef());
			case Item.GiftCards item -> new Purchase.GiftCards(item.product(), item.type(), item.quantity());
		};
	}

}
