package dz.flexy.gateway.upstream;

import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;

import org.springframework.http.HttpHeaders;

/**
 * One answer as received.
 *
 * @param status HTTP status
 * @param headers its headers
 * @param body its JSON, {@code null} if it is none
 */
record Answer(int status, HttpHeaders headers, @Nullable JsonNode body) {

	private static final HttpDates DATES = new HttpDates();

	static Answer read(int status, HttpHeaders headers, byte[] body, ObjectReader trees) {
		return new Answer(status, headers, tree(body, trees));
	}

	private static @Nullable JsonNode tree(byte[] body, ObjectReader trees) {
		try {
			JsonNode tree = trees.readTree(body);
			return (tree != null && tree.isObject()) ? tree : null;
		}
		catch (JacksonException | NumberFormatException notJson) {
			return null;
		}
	}

	Optional<String> header(String name) {
		return Optional.ofNullable(this.headers.getFirst(name));
	}

	/** Whether the body is the upstream's own envelope and not a proxy's or router's. */
	boolean enveloped() {
		return this.body != null && this.body.path("success").isBoolean();
	}

	/** Whether it says, in its own envelope, that it did what was asked. */
	boolean told() {
		return enveloped() && this.body != null && this.body.path("success").booleanValue();
	}

	boolean success() {
		return this.status == 200 && told();
	}

	/** The router's answer to a path it does not know (contract section 1.4). */
	boolean unrouted() {
		return this.status == 404 && this.body != null && !enveloped() && this.body.path("statusCode").asInt(0) == 404;
	}

	JsonNode data() {
		return (this.body != null) ? this.body.path("data") : tools.jackson.databind.node.MissingNode.getInstance();
	}

	/** Top level, in {@code meta}, or a header (contract section 11, row 25). */
	String requestId() {
		if (this.body != null) {
			String top = this.body.path("requestId").asString("");
			String id = top.isEmpty() ? this.body.path("meta").path("requestId").asString("") : top;
			if (!id.isEmpty()) {
				return Plain.text(id);
			}
		}
		return header("X-Request-ID").map(Plain::text).orElse("-");
	}

	/** The upstream's own time when it answered. */
	Instant upstreamNow(Instant otherwise) {
		return header(HttpHeaders.DATE).flatMap(DATES::read).orElse(otherwise);
	}

	/** The body may hold a card code, or the key that {@code validate} echoes. */
	@Override
	public String toString() {
		return "Answer[" + this.status + "]";
	}

}
