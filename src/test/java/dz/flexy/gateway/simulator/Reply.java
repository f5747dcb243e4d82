package dz.flexy.gateway.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a route wants to say on success, before the envelope is put around it.
 *
 * @param meta further fields of {@code meta}
 * @param form what is special about the envelope
 * @param committed what was bought, if anything was
 * @param file the whole answer, where it is no JSON
 */
record Reply(JsonNode data, ObjectNode meta, Form form, @Nullable Deal committed, @Nullable Answer file) {

	enum Form {

		USUAL,

		/** Neither {@code meta} nor {@code requestId}. */
		BARE,

		/** The request's id stands inside {@code meta}. */
		ID_IN_META

	}

	static Reply of(JsonNode data) {
		return new Reply(data, Json.object(), Form.USUAL, null, null);
	}

	static Reply of(JsonNode data, Form form) {
		return new Reply(data, Json.object(), form, null, null);
	}

	static Reply created(JsonNode data, Deal deal) {
		return new Reply(data, Json.object(), Form.USUAL, deal, null);
	}

	/** An answer that stands by itself, without an envelope. */
	static Reply file(Answer answer) {
		return new Reply(Json.object(), Json.object(), Form.USUAL, null, answer);
	}

	Reply withMeta(String name, String value) {
		this.meta.put(name, value);
		return this;
	}

	Reply withMeta(String name, int value) {
		this.meta.put(name, value);
		return this;
	}

}
