package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.problem.Envelope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** An order in the upstream's own shape (contract sections 4.4, 5.3 and 6.4). */
final class LedgerView {

	private static final String REFUNDED = "REFUNDED";

	private LedgerView() {
	}

	static Map<String, Object> of(Order order, Optional<Card> card) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("_id", order.id().value());
		view.put("ref", order.ref());
		view.put("status", order.status());
		switch (order.item()) {
			case Item.TopUp item when order.family() == Family.MOBILE -> mobile(view, order, item);
			case Item.TopUp item -> internet(view, order, item);
			case Item.GiftCards item -> giftCards(view, order, item);
		}
		card.ifPresent((shown) -> view.putAll(of(order.family(), shown)));
		if (order.status().equals(REFUNDED)) {
			put(view, "refund_message", order.reason());
		}
		return view;
	}

	/**
	 * One order by itself. Refunded gift cards are told as none, so that clients may go
	 * through them unasked, as upstream.
	 */
	static Map<String, Object> alone(Order order, Optional<Card> card) {
		Map<String, Object> view = of(order, card);
		if (order.family() == Family.GIFT_CARD && order.status().equals(REFUNDED)) {
			view.putIfAbsent("cards", List.of());
		}
		return view;
	}

	/** A delivered card or cards, in the clear. */
	static Map<String, Object> of(Family family, Card card) {
		Map<String, Object> view = new LinkedHashMap<>();
		if (family == Family.GIFT_CARD) {
			view.put("cards", new RawValue(card.code()));
			return view;
		}
		view.put("card_code", card.code());
		put(view, "num_trans", card.transaction());
		if (card.processedAt() != null) {
			view.put("date_traitement", Envelope.timestamp(card.processedAt()));
		}
		return view;
	}

	private static void internet(Map<String, Object> view, Order order, Item.TopUp item) {
		view.put("type", item.product());
		view.put("number", item.number());
		view.put("topup_amount", item.value());
		view.put("created_at", Envelope.timestamp(order.acceptedAt()));
	}

	private static void mobile(Map<String, Object> view, Order order, Item.TopUp item) {
		view.put("plan_code", item.product());
		view.put("MSSIDN", item.number());
		view.put("topup_amount", item.value());
		put(view, "balance_amount", order.status().equals(REFUNDED) ? BigDecimal.ZERO : order.cost());
		view.put("created_at", Envelope.timestamp(order.acceptedAt()));
		if (order.status().equals(REFUNDED) && order.ending().suggestedOffers() != null) {
			view.put("suggested_offers", new RawValue(order.ending().suggestedOffers()));
		}
	}

	private static void giftCards(Map<String, Object> view, Order order, Item.GiftCards item) {
		boolean filled = order.state() == OrderState.FULFILLED || order.state() == OrderState.PARTIALLY_FILLED;
		Integer fulfilled = order.ending().fulfilled();
		view.put("quantity", item.quantity());
		view.put("fulfilled_quantity", (filled && fulfilled != null) ? fulfilled : 0);
		put(view, "fulfilled_amount", filled ? order.cost() : BigDecimal.ZERO);
		put(view, "price_per_card", price(order, item));
		view.put("product", item.product());
		view.put("type", item.type());
		view.put("time", Envelope.timestamp(order.acceptedAt()));
	}

	/** As the upstream said, else as it was when they were ordered. */
	private static @Nullable BigDecimal price(Order order, Item.GiftCards item) {
		if (order.ending().cardPrice() != null) {
			return order.ending().cardPrice();
		}
		return (item.value().signum() > 0)
				? OrderRow.plain(item.value().divide(BigDecimal.valueOf(item.quantity()), 2, RoundingMode.HALF_UP))
				: null;
	}

	private static void put(Map<String, Object> view, String name, @Nullable Object value) {
		if (value != null) {
			view.put(name, value);
		}
	}

}
