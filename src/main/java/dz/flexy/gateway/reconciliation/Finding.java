package dz.flexy.gateway.reconciliation;

import java.time.Instant;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Order;
import org.jspecify.annotations.Nullable;

/**
 * A difference and what it is a difference of.
 *
 * @param family of which product
 * @param orderId ours, or a payment's; empty if we know none
 * @param upstreamId the upstream's; empty if not known
 * @param difference what differs
 * @param happenedAt when it was sent, if known
 */
record Finding(Family family, String orderId, String upstreamId, Difference difference, @Nullable Instant happenedAt) {

	static Finding of(Order order, String upstreamId, Difference difference) {
		return new Finding(order.family(), order.id().value(), upstreamId, difference, sentAt(order));
	}

	static Instant sentAt(Order order) {
		Instant at = order.sending().at();
		return (at != null) ? at : order.acceptedAt();
	}

}
