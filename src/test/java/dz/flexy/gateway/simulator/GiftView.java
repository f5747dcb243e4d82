package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How gift cards and their orders look on the wire.
 */
final class GiftView {

	private GiftView() {
	}

	static ObjectNode category(String name, List<GiftShelf.Product> products) {
		ArrayNode rows = Json.array();
		products.stream().filter((product) -> product.category().equals(name)).map(GiftView::entry).forEach(rows::add);
		ObjectNode category = Json.object().put("name", name);
		category.set("products", rows);
		return category;
	}

	private static ObjectNode entry(GiftShelf.Product product) {
		ObjectNode entry = Json.object()
			.put("id", product.id())
			.put("title", product.title())
			.put("enabled", product.enabled());
		return product.region().isEmpty() ? entry : entry.put("region", product.region());
	}

	static ObjectNode product(GiftShelf.Product product, Drift drift) {
		boolean underscored = drift.has(Quirk.GIFT_IDS_UNDERSCORED);
		ArrayNode types = Json.array();
		product.types()
			.forEach((type) -> types.add(Json.object()
				.put(underscored ? "_id" : "id", type.id())
				.put("name", type.name())
				.put("price", Json.number(type.price()))
				.put("quantity", type.quantity())));
		ObjectNode body = Json.object()
			.put(underscored ? "_id" : "productId", product.id())
			.put("productTitle", product.title());
		body.set("types", types);
		return body;
	}

	/** One order by itself; what was delivered is told once it is settled. */
	static ObjectNode full(GiftOrder order, Visit visit) {
		Instant now = visit.now();
		boolean settled = order.isSettled(now);
		ObjectNode body = begun(order, now);
		if (settled) {
			int before = visit.tenant().gifts().countRead(order, now);
			delivery(body, order, now).set("cards", cards(order.shown(now, before)));
		}
		if (!settled || !visit.drift().has(Quirk.GIFT_CHECK_WITHOUT_PRODUCT)) {
			body.put("product", order.wish().product()).put("type", order.wish().type());
		}
		return body.put("time", Json.time(order.createdAt()));
	}

	/** One order among others. */
	static ObjectNode row(GiftOrder order, Visit visit) {
		Instant now = visit.now();
		ObjectNode body = delivery(begun(order, now), order, now);
		if (visit.drift().has(Quirk.GIFT_ROWS_WITH_CARDS)) {
			body.set("cards", cards(order.shown(now, order.reads())));
		}
		return body.put("product", order.wish().product())
			.put("type", order.wish().type())
			.put("time", Json.time(order.createdAt()));
	}

	private static ObjectNode begun(GiftOrder order, Instant now) {
		return Json.object()
			.put("_id", order.id())
			.put("status", order.status(now))
			.put("quantity", order.wish().quantity());
	}

	private static ObjectNode delivery(ObjectNode body, GiftOrder order, Instant now) {
		int fulfilled = order.fulfilled(now);
		BigDecimal price = order.wish().price();
		return body.put("fulfilled_quantity", fulfilled)
			.put("fulfilled_amount", Json.number(price.multiply(BigDecimal.valueOf(fulfilled))))
			.put("price_per_card", Json.number(price));
	}

	private static ArrayNode cards(List<GiftOrder.Card> cards) {
		ArrayNode rows = Json.array();
		cards.forEach((card) -> rows.add(Json.object().put("value", card.value()).put("serial", card.serial())));
		return rows;
	}

}
