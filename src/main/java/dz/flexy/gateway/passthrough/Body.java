package dz.flexy.gateway.passthrough;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * A request's body, read to its end before anything is passed on: 64 KiB at most, as for
 * all requests.
 *
 * @param sent as it came
 * @param fields what is in it
 */
record Body(Sent sent, JsonNode fields) {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * Reads it.
	 * @return exactly one; fails with 400 for what is no JSON object, or says that it is
	 * something else, and with 413 beyond the limit
	 */
	static Mono<Body> of(ServerRequest request, JsonMapper json) {
		if (!request.headers().contentType().filter(Body::isJson).isPresent()) {
			throw invalid(HttpHeaders.CONTENT_TYPE, "must be application/json");
		}
		if (!request.headers().header(HttpHeaders.CONTENT_ENCODING).stream().allMatch("identity"::equalsIgnoreCase)) {
			throw invalid(HttpHeaders.CONTENT_ENCODING, "must be left out");
		}
		return request.bodyToMono(byte[].class)
			.defaultIfEmpty(new byte[0])
			.timeout(PATIENCE)
			.onErrorMap(TimeoutException.class, (late) -> invalid("body", "did not come to its end in " + PATIENCE))
			.map((bytes) -> new Body(new Sent(bytes), parse(bytes, json)));
	}

	private static boolean isJson(MediaType type) {
		return type.isCompatibleWith(MediaType.APPLICATION_JSON) && type.isConcrete();
	}

	private static JsonNode parse(byte[] bytes, JsonMapper json) {
		try {
			JsonNode fields = json.readTree(bytes);
			if (fields != null && fields.isObject()) {
				return fields;
			}
		}
		catch (JacksonException | NumberFormatException malformed) {
			// Told below. An exponent beyond all limits is no JacksonException.
		}
		throw invalid("body", "must be a JSON object");
	}

	private static Problem invalid(String field, String rule) {
		return Problem.of(ErrorCode.ERR_VALIDATION, field + " " + rule).detail("field", field).money(false, true);
	}

	/** The bytes; not printed. */
	static final class Sent {

		private final byte[] bytes;

		Sent(byte[] bytes) {
			this.bytes = bytes;
		}

		byte[] bytes() {
			return this.bytes;
		}

	}

}
