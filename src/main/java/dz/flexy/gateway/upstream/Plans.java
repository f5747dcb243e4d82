package dz.flexy.gateway.upstream;

import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * The mobile plans (contract section 5.1).
 *
 * @param rows those that could be read
 * @param complete whether they are all: what is missing from others may exist
 * @param data {@code data} as it came; not to be changed
 */
public record Plans(List<Plan> rows, boolean complete, JsonNode data) {
}
