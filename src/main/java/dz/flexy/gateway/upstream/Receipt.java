package dz.flexy.gateway.upstream;

/**
 * The upstream has taken an order.
 *
 * @param id its id
 */
public record Receipt(String id) {
}
