package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * An order in the simulator's book at the moment of asking.
 *
 * @param storedRef {@code API-<username>-<ref>}
 * @param ref as sent
 * @param status as check-id would say
 * @param type {@code ADSL}, {@code 4G} or the mobile plan's code
 * @param charged what it cost, 0 after a refund
 * @param sends sends with this ref that the book saw: the accepted one and those refused
 * as duplicates
 */
public record SimulatedOrder(String id, String storedRef, String ref, String status, String type, String number,
		BigDecimal value, BigDecimal charged, Instant createdAt, int sends) {

	static SimulatedOrder of(Order order, Instant now) {
		Purchase purchase = order.purchase();
		return new SimulatedOrder(order.id(), order.storedRef(), purchase.ref(), order.status(now), purchase.type(),
				purchase.number(), purchase.value(), order.charge(), order.createdAt(), order.sends());
	}

}
