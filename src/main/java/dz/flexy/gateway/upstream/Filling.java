package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How an order of gift cards was filled (contract section 6.4), as far as shown.
 *
 * @param type id of the product's type
 * @param quantity cards ordered
 * @param fulfilled cards delivered
 * @param price DZD a card
 * @param time when it was ordered
 * @param shown cards in the answer
 */
public record Filling(@Nullable String type, @Nullable Integer quantity, @Nullable Integer fulfilled,
		@Nullable BigDecimal price, @Nullable Instant time, int shown) {
}
