package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A payment link at the moment of asking.
 *
 * @param status as checkPayment would say
 */
public record SimulatedLink(String ref, String status, String title, BigDecimal amount, Instant createdAt) {

	static SimulatedLink of(PaymentLink link, Instant now) {
		return new SimulatedLink(link.ref(), link.status(now),
				link.terms().path("productInfo").path("title").asString(""), link.amount(), link.createdAt());
	}

}
