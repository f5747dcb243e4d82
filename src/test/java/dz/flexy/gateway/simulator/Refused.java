package dz.flexy.gateway.simulator;

import java.math.BigDecimal;

import tools.jackson.databind.node.ObjectNode;

/**
 * The application's "no": ends the handling of a request before anything was committed.
 */
final class Refused extends RuntimeException {

	private final int status;

	private final String code;

	private final transient ObjectNode details;

	Refused(int status, String code, String message, ObjectNode details) {
		super(message, null, false, false);
		this.status = status;
		this.code = code;
		this.details = details;
	}

	Refused(int status, String code, String message) {
		this(status, code, message, Json.object());
	}

	static Refused invalid(String field, String value, String problem) {
		ObjectNode details = Json.object().put("field", field).put("value", value);
		return new Refused(400, "ERR_VALIDATION", field + " " + problem, details);
	}

	static Refused phone(String number, String type, String reason) {
		ObjectNode details = Json.object().put("number", number).put("type", type).put("reason", reason);
		return new Refused(400, "ERR_PHONE", "Phone number is not eligible", details);
	}

	static Refused balance(BigDecimal required, BigDecimal available) {
		ObjectNode details = Json.object()
			.put("required", Json.number(required))
			.put("available", Json.number(available));
		return new Refused(403, "INSUFFICIENT_BALANCE", "Balance is too low for this order", details);
	}

	static Refused notFound(String kind, String value) {
		return notFound("Top-up", kind, value);
	}

	static Refused notFound(String what, String kind, String value) {
		return new Refused(404, "NOT_FOUND", what + " with " + kind + " '" + value + "' not found");
	}

	int status() {
		return this.status;
	}

	String code() {
		return this.code;
	}

	ObjectNode details() {
		return this.details;
	}

}
