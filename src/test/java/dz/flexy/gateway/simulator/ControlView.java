package dz.flexy.gateway.simulator;

import java.time.Instant;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the books and the log look on the control surface.
 */
final class ControlView {

	private ControlView() {
	}

	static ObjectNode account(AccessKey key, Instant now) {
		ArrayNode orders = Json.array();
		key.book().all(now).stream().map((order) -> order(order, now)).forEach(orders::add);
		ObjectNode account = Json.object()
			.put("username", key.book().username())
			.put("balance", Json.number(key.book().balance(now)));
		account.set("orders", orders);
		return account;
	}

	static ObjectNode order(Order order, Instant now) {
		SimulatedOrder it = SimulatedOrder.of(order, now);
		return Json.object()
			.put("id", it.id())
			.put("ref", it.ref())
			.put("storedRef", it.storedRef())
			.put("status", it.status())
			.put("type", it.type())
			.put("number", it.number())
			.put("value", Json.number(it.value()))
			.put("charged", Json.number(it.charged()))
			.put("createdAt", Json.time(it.createdAt()))
			.put("sends", it.sends());
	}

	static ArrayNode gifts(AccessKey key, Instant now) {
		ArrayNode orders = Json.array();
		key.tenant().gifts().all(now).stream().map((order) -> gift(order, now)).forEach(orders::add);
		return orders;
	}

	static ObjectNode gift(GiftOrder order, Instant now) {
		SimulatedGiftOrder it = SimulatedGiftOrder.of(order, now);
		return Json.object()
			.put("id", it.id())
			.put("status", it.status())
			.put("product", it.product())
			.put("type", it.type())
			.put("quantity", it.quantity())
			.put("fulfilled", it.fulfilled())
			.put("charged", Json.number(it.charged()))
			.put("createdAt", Json.time(it.createdAt()));
	}

	static ArrayNode links(AccessKey key, Instant now) {
		ArrayNode links = Json.array();
		key.tenant().links().all(now).stream().map((link) -> link(link, now)).forEach(links::add);
		return links;
	}

	static ObjectNode link(PaymentLink link, Instant now) {
		SimulatedLink it = SimulatedLink.of(link, now);
		return Json.object()
			.put("ref", it.ref())
			.put("status", it.status())
			.put("title", it.title())
			.put("amount", Json.number(it.amount()))
			.put("createdAt", Json.time(it.createdAt()));
	}

	static ArrayNode bills(AccessKey key, Instant now) {
		ArrayNode bills = Json.array();
		key.tenant().bills().all(now).stream().map((found) -> bill(found, now)).forEach(bills::add);
		return bills;
	}

	static ObjectNode bill(BillTransaction found, Instant now) {
		SimulatedBill it = SimulatedBill.of(found, now);
		return Json.object()
			.put("id", it.id())
			.put("ref", it.ref())
			.put("paymentRef", it.paymentRef())
			.put("status", it.status())
			.put("partner", it.partner())
			.put("identifier", it.identifier())
			.put("charged", Json.number(it.charged()))
			.put("createdAt", Json.time(it.createdAt()));
	}

	static ObjectNode request(ReceivedRequest request) {
		return Json.object()
			.put("at", Json.time(request.at()))
			.put("method", request.method())
			.put("path", request.path())
			.put("template", request.template())
			.put("ref", request.ref())
			.put("id", request.id())
			.put("number", request.number())
			.put("status", request.status());
	}

}
