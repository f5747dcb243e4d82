package dz.flexy.gateway.dispatch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.orders.IdempotencyKey;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a send says besides its order.
 *
 * @param caller who sends
 * @param body the parsed body
 * @param asynchronous whether {@code Prefer: respond-async} asks for a 202 (RFC 7240)
 * @param idempotency his {@code Idempotency-Key}, if he gave one
 */
record SendRequest(Caller caller, JsonNode body, boolean asynchronous, Optional<IdempotencyKey> idempotency) {

	private static final int LONGEST_KEY = 255;

	/**
	 * @throws Problem 400 for a body that is no JSON object or a malformed key
	 */
	static SendRequest read(ServerRequest request, Caller caller, byte[] body, JsonMapper json) {
		return new SendRequest(caller, parse(body, json), prefersAsync(request),
				key(request, caller, HexFormat.of().formatHex(sha256(body))));
	}

	private static JsonNode parse(byte[] body, JsonMapper json) {
		try {
			JsonNode parsed = json.readTree(body);
			if (parsed != null && parsed.isObject()) {
				return parsed;
			}
		}
		catch (JacksonException | NumberFormatException malformed) {
			// Told below. An exponent beyond all limits is no JacksonException.
		}
		throw Problem.of(ErrorCode.ERR_VALIDATION, "the body must be a JSON object")
			.detail("field", "body")
			.money(false, true);
	}

	private static boolean prefersAsync(ServerRequest request) {
		return request.headers()
			.header("Prefer")
			.stream()
			.flatMap((value) -> Stream.of(value.split("[,;]")))
			.anyMatch((preference) -> preference.trim().toLowerCase(Locale.ROOT).equals("respond-async"));
	}

	private static Optional<IdempotencyKey> key(ServerRequest request, Caller caller, String digest) {
		List<String> keys = request.headers().header("Idempotency-Key");
		if (keys.isEmpty()) {
			return Optional.empty();
		}
		String key = keys.getFirst();
		if (keys.size() > 1 || key.isBlank() || key.length() > LONGEST_KEY
				|| !key.chars().allMatch((c) -> c > ' ' && c < 127)) {
			throw Problem
				.of(ErrorCode.ERR_VALIDATION,
						"Idempotency-Key must be one value of 1 to " + LONGEST_KEY + " printable ASCII characters")
				.detail("field", "Idempotency-Key")
				.money(false, true);
		}
		return Optional.of(new IdempotencyKey(caller.id(), request.path(), key, digest));
	}

	private static byte[] sha256(byte[] body) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(body);
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

}
