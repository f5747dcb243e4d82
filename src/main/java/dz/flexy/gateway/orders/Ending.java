package dz.flexy.gateway.orders;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * What the upstream said of an order besides its status, as far as it did.
 *
 * @param suggestedOffers JSON array of offers for the number instead of a refunded one
 * (contract section 5.3)
 * @param fulfilled gift cards delivered
 * @param cardPrice DZD a gift card
 * @param candidates the upstream's ids that may be this order, separated by spaces, empty
 * for none; {@code null} as long as they are not fixed
 */
public record Ending(@Nullable String suggestedOffers, @Nullable Integer fulfilled, @Nullable BigDecimal cardPrice,
		@Nullable String candidates) {
}
