package dz.flexy.gateway.catalog;

/**
 * A copy as an order meets it.
 *
 * @param value the copy
 * @param recent whether it may refuse the order
 */
record Seen<V>(V value, boolean recent) {
}
