package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * A gift card order in the simulator's book at the moment of asking.
 *
 * @param status as checkOrder would say
 * @param fulfilled how many cards were delivered
 * @param codes what is printed on them, whether a read has shown them or not
 * @param charged what the account has paid for it, less what came back
 */
public record SimulatedGiftOrder(String id, String status, String product, String type, int quantity, int fulfilled,
		List<String> codes, BigDecimal charged, Instant createdAt) {

	static SimulatedGiftOrder of(GiftOrder order, Instant now) {
		GiftOrder.Wish wish = order.wish();
		BigDecimal charged = order.isRefunded() ? order.price().subtract(order.refund()) : order.price();
		return new SimulatedGiftOrder(order.id(), order.status(now), wish.product(), wish.type(), wish.quantity(),
				order.fulfilled(now), order.delivered(now).stream().map(GiftOrder.Card::value).toList(), charged,
				order.createdAt());
	}

}
