package dz.flexy.gateway.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a route wants to say on success, before the envelope is put around it.
 *
 * @param meta further fields of {@code meta}
 * @param bare whether the envelope has neither {@code meta} nor {@code requestId}
 * @param committed the order that was created, if one was
 */
record Reply(JsonNode data, ObjectNode meta, boolean bare, @Nullable Order committed) {

	static Reply of(JsonNode data) {
		return new Reply(data, Json.object(), false, null);
	}

	static Reply bare(JsonNode data) {
		return new Reply(data, Json.object(), true, null);
	}

	static Reply created(JsonNode data, Order order) {
		return new Reply(data, Json.object(), false, order);
	}

	Reply withMeta(String name, String value) {
		return new Reply(this.data, this.meta.put(name, value), this.bare, this.committed);
	}

}
