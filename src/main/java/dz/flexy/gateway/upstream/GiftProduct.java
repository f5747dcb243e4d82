package dz.flexy.gateway.upstream;

import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * Prices and stock of one gift card (contract section 6.2).
 *
 * @param types those that could be read
 * @param complete whether they are all: what is missing from others may exist
 * @param data {@code data} as it came; not to be changed
 */
public record GiftProduct(List<GiftType> types, boolean complete, JsonNode data) {
}
