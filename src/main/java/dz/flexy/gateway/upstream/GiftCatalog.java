package dz.flexy.gateway.upstream;

import tools.jackson.databind.JsonNode;

/**
 * The gift cards by category (contract section 6.1). The counts are those of
 * {@code meta}, made from the rows.
 *
 * @param totalCategories how many categories
 * @param totalProducts how many products in all of them
 * @param data {@code data} as it came; not to be changed
 */
public record GiftCatalog(int totalCategories, int totalProducts, JsonNode data) {
}
