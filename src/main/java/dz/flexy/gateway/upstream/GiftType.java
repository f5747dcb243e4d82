package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * One denomination of a gift card (contract section 6.2). Whatever the upstream leaves
 * out is {@code null}.
 *
 * @param id what an order names
 * @param price of one card, in DZD
 * @param quantity cards in stock when it was asked
 */
public record GiftType(String id, @Nullable BigDecimal price, @Nullable BigDecimal quantity) {
}
