package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gift card orders of one account. There is no reference: each accepted request is
 * another order. Every method is atomic with the account's book.
 */
final class GiftOrders {

	private final Book book;

	private final GiftShelf shelf;

	private final Map<String, GiftOrder> byId = new LinkedHashMap<>();

	GiftOrders(Book book, GiftShelf shelf) {
		this.book = book;
		this.shelf = shelf;
	}

	GiftOrder accept(GiftOrder.Wish wish, Instant now, Duration hidden) {
		return this.book.step(now, () -> {
			refuseUnstocked(wish);
			return this.book.deal(wish.total(), now, () -> taken(wish, now, hidden));
		});
	}

	Optional<GiftOrder> visible(String id, Instant now) {
		return this.book.step(now,
				() -> Optional.ofNullable(this.byId.get(id)).filter((order) -> order.isVisible(now)));
	}

	/** Newest first. */
	List<GiftOrder> visible(Instant now) {
		return all(now).stream().filter((order) -> order.isVisible(now)).toList();
	}

	/** Newest first, invisible ones included. */
	List<GiftOrder> all(Instant now) {
		return this.book.step(now, () -> new ArrayList<>(this.byId.values()).reversed());
	}

	int countRead(GiftOrder order, Instant now) {
		return this.book.step(now, order::countRead);
	}

	/**
	 * Gives the order that status from now on.
	 * @param cards how many it gets if it is partly filled
	 */
	GiftOrder settle(String id, String status, int cards, Instant now) {
		return this.book.step(now, () -> {
			GiftOrder order = Optional.ofNullable(this.byId.get(id))
				.orElseThrow(() -> Refused.notFound("Order", "id", id));
			order.force(status, cards, now);
			this.book.replan(order, now);
			return order;
		});
	}

	private GiftOrder taken(GiftOrder.Wish wish, Instant now, Duration hidden) {
		GiftOrder order = new GiftOrder(wish, this.book, now, hidden);
		this.shelf.take(wish.product(), wish.type(), wish.quantity());
		this.byId.put(order.id(), order);
		return order;
	}

	private void refuseUnstocked(GiftOrder.Wish wish) {
		int left = this.shelf.type(wish.product(), wish.type()).map(GiftShelf.Type::quantity).orElse(0);
		if (left < wish.quantity()) {
			throw new Refused(400, "ERR_STOCK", "Product is out of stock");
		}
	}

}
