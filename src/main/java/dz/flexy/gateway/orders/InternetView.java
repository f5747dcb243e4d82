package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.problem.Envelope;

/** An internet order in the upstream's own shape (contract section 4.4). */
final class InternetView {

	private InternetView() {
	}

	static Map<String, Object> of(Order order, Optional<Card> card) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("_id", order.id().value());
		view.put("ref", order.ref());
		view.put("status", order.status());
		view.put("type", order.item().product());
		view.put("number", order.item().number());
		view.put("topup_amount", order.item().value());
		view.put("created_at", Envelope.timestamp(order.acceptedAt()));
		card.ifPresent((shown) -> view.putAll(of(shown)));
		if (order.status().equals("REFUNDED") && order.reason() != null) {
			view.put("refund_message", order.reason());
		}
		return view;
	}

	static Map<String, Object> of(Card card) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("card_code", card.code());
		if (card.transaction() != null) {
			view.put("num_trans", card.transaction());
		}
		if (card.processedAt() != null) {
			view.put("date_traitement", Envelope.timestamp(card.processedAt()));
		}
		return view;
	}

}
