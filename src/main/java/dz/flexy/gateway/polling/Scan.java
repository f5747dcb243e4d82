package dz.flexy.gateway.polling;

import java.util.Map;

import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.upstream.Topup;

/**
 * What list pages showed of some orders.
 *
 * @param found the orders that were there, with their rows
 * @param complete whether every page of the window was read, so that what is not found is
 * not in it
 */
public record Scan(Map<Order, Topup> found, boolean complete) {
}
