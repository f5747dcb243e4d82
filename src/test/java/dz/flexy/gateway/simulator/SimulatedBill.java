package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A bill transaction in the simulator's book at the moment of asking.
 *
 * @param ref of the discovery, as sent
 * @param paymentRef of the payment, as sent; empty while there is none
 * @param charged what the account has paid, 0 after a refund
 */
public record SimulatedBill(String id, String ref, String paymentRef, String status, String partner, String identifier,
		BigDecimal charged, Instant createdAt) {

	static SimulatedBill of(BillTransaction found, Instant now) {
		return new SimulatedBill(found.id(), found.ref(), found.paymentRef(), found.status(now),
				found.account().partner(), found.account().identifier(),
				found.isRefunded() ? BigDecimal.ZERO : found.price(), found.createdAt());
	}

}
