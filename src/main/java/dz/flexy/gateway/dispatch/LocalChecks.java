package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.catalog.Catalog;
import dz.flexy.gateway.catalog.GiftOffer;
import dz.flexy.gateway.catalog.Offer;
import dz.flexy.gateway.catalog.PlanOffer;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * What the lists that are kept here say of an order, when it is accepted and again when
 * it is sent. They refuse only on fresh facts; whatever is not known passes, and the
 * upstream decides.
 */
@Component
class LocalChecks {

	private final Catalog catalog;

	private final Accounts accounts;

	LocalChecks(Catalog catalog, Accounts accounts) {
		this.catalog = catalog;
		this.accounts = accounts;
	}

	/**
	 * What is to be bought, before anything is committed.
	 * @return exactly one, or the refusal; asks the upstream, for 2 s at most, only for a
	 * plan's amount or a card's price that is not known here
	 */
	Mono<Item> item(Caller caller, SendBody body) {
		Account account = this.accounts.get(caller.account());
		return switch (body) {
			case SendBody.Internet card -> internet(account, card);
			case SendBody.Mobile topUp -> mobile(account, caller, topUp);
			case SendBody.GiftCards cards -> giftCards(account, caller, cards);
		};
	}

	/**
	 * Price and refusal when the order is about to be sent. Whoever limits the price has
	 * it compared with a recent one, where that can be had.
	 * @return exactly one, never a failure
	 */
	Mono<Offer> offer(Account account, Order order) {
		Mono<Offer> known = known(account, order);
		return order.item().maxCost().isPresent() ? recent(account, order).switchIfEmpty(known) : known;
	}

	private Mono<Offer> known(Account account, Order order) {
		return switch (order.item()) {
			case Item.TopUp item when order.family() == Family.MOBILE ->
				this.catalog.planOffer(account, item.product(), Optional.of(item.value())).map(LocalChecks::offer);
			case Item.TopUp item -> this.catalog.offer(account, item.product(), item.value());
			case Item.GiftCards item ->
				this.catalog.giftOffer(account, item.product(), item.type(), item.quantity()).map(LocalChecks::offer);
		};
	}

	private Mono<Offer> recent(Account account, Order order) {
		return switch (order.item()) {
			case Item.TopUp item when order.family() == Family.MOBILE ->
				this.catalog.recentPlanOffer(account, item.product(), Optional.of(item.value()))
					.map(LocalChecks::offer);
			case Item.TopUp item -> this.catalog.recentOffer(account, item.product(), item.value());
			case Item.GiftCards item ->
				this.catalog.recentGiftOffer(account, item.product(), item.type(), item.quantity())
					.map(LocalChecks::offer);
		};
	}

	private static Offer offer(PlanOffer offer) {
		return new Offer(offer.cost(), offer.refusal());
	}

	private static Offer offer(GiftOffer offer) {
		return new Offer(offer.cost(), offer.refusal());
	}

	/**
	 * Whether the operator does not know the number; only internet numbers can be asked
	 * for.
	 * @return exactly one, never a failure
	 */
	Mono<Optional<Problem>> numberRefusal(Account account, Order order) {
		return (order.item() instanceof Item.TopUp item && order.family() == Family.INTERNET)
				? this.catalog.numberRefusal(account, item.product(), item.number()) : Mono.just(Optional.empty());
	}

	private Mono<Item> internet(Account account, SendBody.Internet card) {
		Optional<Problem> refusal = this.catalog.refusal(account.id(), card.type(), card.value());
		return refusal.isPresent() ? Mono.error(refusal.get())
				: Mono.just(new Item.TopUp(card.type(), card.number(), card.value(), card.maxCost()));
	}

	/**
	 * Of a plan that is not known, the amount that was sent may not be the one that is
	 * bought.
	 */
	private Mono<Item> mobile(Account account, Caller caller, SendBody.Mobile topUp) {
		return this.catalog.planOffer(account, topUp.planCode(), topUp.amount()).map((offer) -> {
			offer.refusal().ifPresent(LocalChecks::refuse);
			if (offer.amount().isEmpty() && topUp.amount().isPresent() && caller.spendLimit().isPresent()) {
				throw notKnown("the plan, whose amount the spend limit needs, is not known now");
			}
			BigDecimal amount = offer.amount().or(topUp::amount).orElseThrow(() -> amountMissing(topUp.planCode()));
			return new Item.TopUp(topUp.planCode(), topUp.number(), amount, topUp.maxCost());
		});
	}

	/** Without their price, cards cannot be counted towards a limit. */
	private Mono<Item> giftCards(Account account, Caller caller, SendBody.GiftCards cards) {
		return this.catalog.giftOffer(account, cards.productId(), cards.typeId(), cards.quantity()).map((offer) -> {
			offer.refusal().ifPresent(LocalChecks::refuse);
			if (offer.cost().isEmpty() && caller.spendLimit().isPresent()) {
				throw notKnown("the price, which the spend limit needs, is not known now");
			}
			return new Item.GiftCards(cards.productId(), cards.typeId(), cards.quantity(),
					offer.cost().orElse(BigDecimal.ZERO), cards.maxCost());
		});
	}

	/**
	 * A bill has no amount of its own; of other plans it would be told if it were known.
	 */
	private static Problem amountMissing(String planCode) {
		return planCode.startsWith("FACTURE_") ? Fields.problem("amount", "is required", null)
				: notKnown("the plan's amount is not known now; send it along");
	}

	private static Problem notKnown(String message) {
		return Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, message).money(false, true);
	}

	private static void refuse(Problem problem) {
		throw problem;
	}

}
