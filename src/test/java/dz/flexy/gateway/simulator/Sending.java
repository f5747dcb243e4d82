package dz.flexy.gateway.simulator;

import tools.jackson.databind.node.ObjectNode;

/**
 * The last step of every send: acceptance by the book, and the answer to it.
 */
final class Sending {

	private Sending() {
	}

	static Reply accepted(Visit visit, Purchase purchase) {
		Order order = visit.book().accept(purchase, visit.now(), visit.scene().hidden());
		boolean bare = visit.drift().has(Quirk.TOPUP_REF_BARE);
		ObjectNode data = Json.object()
			.put("topupId", order.id())
			.put("topupRef", bare ? purchase.ref() : order.storedRef());
		if (visit.drift().has(Quirk.NEW_BALANCE_IN_SEND)) {
			data.put("newBalance", Json.number(visit.book().balance(visit.now())));
		}
		return Reply.created(data, order);
	}

}
