package dz.flexy.gateway.stream;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderEvent.Place;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;

/** Events without a ledger. */
final class Events {

	private Events() {
	}

	/** An event of an order, at a position of the log. */
	static OrderEvent event(String order, long position) {
		return event(order, position, OrderState.QUEUED);
	}

	static OrderEvent event(String order, long position, OrderState state) {
		return new OrderEvent(new Place(position, position), new OrderId(order), new CallerId("shop"), Optional.of(1),
				Instant.parse("2026-01-15T10:00:00.120Z"), state, OrderState.HANDLING, state.name(), "HANDLING", false,
				null, Family.INTERNET, "ref-" + order,
				new Item.TopUp("ADSL", "036362608", new BigDecimal("1000"), Optional.empty()), new BigDecimal("975.5"));
	}

}
