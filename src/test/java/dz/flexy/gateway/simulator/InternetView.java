package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.time.ZoneOffset;

import tools.jackson.databind.node.ObjectNode;

/**
 * How internet cards and orders look on the wire.
 */
final class InternetView {

	private static final int READS_WITHOUT_CODE = 2;

	private final Ids ids;

	InternetView(Ids ids) {
		this.ids = ids;
	}

	static ObjectNode product(Catalogue.Card card) {
		return Json.object()
			.put("value", Json.number(card.value()))
			.put("cost", Json.number(card.cost()))
			.put("available", card.available());
	}

	/** One order by itself, with its card once fulfilled. */
	ObjectNode full(Order order, Visit visit) {
		boolean bare = visit.drift().has(Quirk.CHECK_REF_BARE);
		ObjectNode body = common(order, bare ? order.purchase().ref() : order.storedRef(), visit.now());
		if (order.status(visit.now()).equals("FULFILLED")) {
			addCard(body, order, hasCode(order, visit.book().countRead(order)));
		}
		return body;
	}

	/** One order among others. */
	ObjectNode row(Order order, Visit visit) {
		ObjectNode body = common(order, order.storedRef(), visit.now());
		boolean carded = visit.drift().has(Quirk.LIST_ROWS_WITH_CARD);
		if (carded && order.status(visit.now()).equals("FULFILLED")) {
			addCard(body, order, hasCode(order, order.reads()));
		}
		return body;
	}

	private static ObjectNode common(Order order, String ref, Instant now) {
		Purchase purchase = order.purchase();
		return Json.object()
			.put("_id", order.id())
			.put("ref", ref)
			.put("status", order.status(now))
			.put("type", purchase.type())
			.put("number", purchase.number())
			.put("topup_amount", Json.number(purchase.value()))
			.put("created_at", Json.time(order.createdAt()));
	}

	private void addCard(ObjectNode body, Order order, boolean withCode) {
		Instant fulfilled = order.reaching("FULFILLED").orElse(order.createdAt());
		if (withCode) {
			body.put("card_code", this.ids.cardCode(order.sequence()));
		}
		body.put("num_trans",
				String.format("AT-%d-%05d", fulfilled.atOffset(ZoneOffset.UTC).getYear(), order.sequence()));
		body.put("date_traitement", Json.time(fulfilled));
	}

	private static boolean hasCode(Order order, int earlierReads) {
		return switch (order.outcome()) {
			case CODE_NEVER -> false;
			case CODE_LATE -> earlierReads >= READS_WITHOUT_CODE;
			default -> true;
		};
	}

}
