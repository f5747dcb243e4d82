package dz.flexy.gateway.reconciliation;

import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.OrderId;

/**
 * A row of the upstream's lists.
 *
 * @param family of which product
 * @param upstreamId its id
 * @param orderId of the gateway's own reference, if it shows one
 * @param hasRef whether it shows any reference
 * @param theirs what it says
 */
record Listed(Family family, String upstreamId, Optional<OrderId> orderId, boolean hasRef, Theirs theirs) {
}
