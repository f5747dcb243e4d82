package dz.flexy.gateway.upstream;

/**
 * The upstream has taken an order.
 *
 * @param topupId its id
 */
public record Receipt(String topupId) {
}
