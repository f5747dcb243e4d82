package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import org.jspecify.annotations.Nullable;

/**
 * What our book says of an order.
 *
 * @param state where it stands
 * @param value DZD of face value; null for gift cards, whose value is a price, and for
 * mobile orders: a fixed plan has its own amount, whatever was sent
 * @param quantity of gift cards
 * @param cost DZD, if known
 * @param ended whether it has been final for so long that both books of theirs tell
 */
record Ours(OrderState state, @Nullable BigDecimal value, @Nullable Integer quantity, @Nullable BigDecimal cost,
		boolean ended) {

	static Ours of(Order order, boolean ended) {
		return switch (order.item()) {
			case Item.TopUp item when order.family() == Family.MOBILE ->
				new Ours(order.state(), null, null, order.cost(), ended);
			case Item.TopUp item -> new Ours(order.state(), item.value(), null, order.cost(), ended);
			case Item.GiftCards item -> new Ours(order.state(), null, item.quantity(), order.cost(), ended);
		};
	}

	/** Whether it was paid for and delivered, at least in part. */
	boolean isDelivered() {
		return this.state == OrderState.FULFILLED || this.state == OrderState.PARTIALLY_FILLED;
	}

}
