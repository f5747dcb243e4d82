package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gift cards. The codes and statuses of refusals are published for none of them: an
 * unknown or withdrawn product and an unknown type are {@code ERR_VALIDATION}, a stock
 * that does not suffice is {@code ERR_STOCK}, both 400.
 */
final class GiftRoutes {

	private GiftRoutes() {
	}

	static List<Route> all() {
		return List.of(Route.get("/v3/gift-cards/catalog", GiftRoutes::catalog),
				Route.get("/v3/gift-cards/checkProduct/{productId}", GiftRoutes::checkProduct),
				Route.post("/v3/gift-cards/placeOrder", GiftRoutes::placeOrder),
				Route.get("/v3/gift-cards/checkOrder/{orderId}", GiftRoutes::checkOrder),
				Route.get("/v3/gift-cards/list", GiftRoutes::list));
	}

	private static Reply catalog(Visit visit) {
		List<GiftShelf.Product> products = visit.tenant().shelf().products();
		List<String> names = products.stream().map(GiftShelf.Product::category).distinct().toList();
		ArrayNode categories = Json.array();
		names.forEach((name) -> categories.add(GiftView.category(name, products)));
		ObjectNode data = Json.object();
		data.set("categories", categories);
		return Reply.of(data).withMeta("totalCategories", names.size()).withMeta("totalProducts", products.size());
	}

	private static Reply checkProduct(Visit visit) {
		String id = visit.value("productId");
		GiftShelf.Product product = visit.tenant()
			.shelf()
			.product(id)
			.orElseThrow(() -> Refused.notFound("Product", "id", id));
		return Reply.of(GiftView.product(product, visit.drift()));
	}

	private static Reply placeOrder(Visit visit) {
		Fields fields = new Fields(visit.body());
		String product = fields.text("productId");
		String type = fields.text("typeId");
		int quantity = fields.integer("quantity", 1, 1_000_000_000);
		GiftShelf shelf = visit.tenant().shelf();
		if (shelf.product(product).filter(GiftShelf.Product::enabled).isEmpty()) {
			throw Refused.invalid("productId", product, "is not a product on sale");
		}
		BigDecimal price = shelf.type(product, type)
			.map(GiftShelf.Type::price)
			.orElseThrow(() -> Refused.invalid("typeId", type, "is not a type of this product"));
		GiftOrder.Wish wish = new GiftOrder.Wish(product, type, quantity,
				visit.book().isPaying() ? price : BigDecimal.ZERO);
		GiftOrder order = visit.tenant().gifts().accept(wish, visit.now(), visit.scene().hidden());
		ObjectNode data = Json.object().put("orderId", order.id());
		if (visit.drift().has(Quirk.ORDER_REF_IN_PLACE_ORDER)) {
			data.put("orderRef", fields.optionalText("ref").orElse("order-" + order.sequence()));
		}
		return Reply.created(data, order);
	}

	private static Reply checkOrder(Visit visit) {
		String id = visit.value("orderId");
		GiftOrder order = visit.tenant()
			.gifts()
			.visible(id, visit.now())
			.orElseThrow(() -> Refused.notFound("Order", "id", id));
		return Reply.of(GiftView.full(order, visit));
	}

	private static Reply list(Visit visit) {
		List<GiftOrder> orders = visit.tenant().gifts().visible(visit.now());
		return Reply
			.of(Paging.of(visit).page("items", orders, GiftOrder::createdAt, (order) -> GiftView.row(order, visit)));
	}

}
