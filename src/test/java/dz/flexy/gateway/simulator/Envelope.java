package dz.flexy.gateway.simulator;

import tools.jackson.databind.node.ObjectNode;

/**
 * The only place that writes the upstream's bodies around data and errors.
 */
final class Envelope {

	private Envelope() {
	}

	static Answer success(Reply reply, Scene scene) {
		if (reply.file() != null) {
			return reply.file();
		}
		ObjectNode body = Json.object().put("success", true);
		body.set("data", reply.data());
		if (reply.form() != Reply.Form.BARE && !scene.drift().has(Quirk.BARE_SUCCESS)) {
			ObjectNode meta = Json.object();
			if (!scene.drift().has(Quirk.META_WITHOUT_TIMESTAMP)) {
				meta.put("timestamp", Json.time(scene.now()));
			}
			body.set("meta", meta.setAll(reply.meta()));
			identify(body, scene, reply.form() == Reply.Form.ID_IN_META);
		}
		return Answer.json(200, Json.write(body)).committing(reply.committed());
	}

	static Answer failure(Refused refused, Scene scene) {
		return failure(refused.status(), refused.code(), String.valueOf(refused.getMessage()), refused.details(),
				scene);
	}

	static Answer failure(int status, String code, String message, Scene scene) {
		return failure(status, code, message, Json.object(), scene);
	}

	/** The router's own body: no envelope. */
	static Answer router(int status, String error, String message) {
		ObjectNode body = Json.object().put("message", message).put("error", error).put("statusCode", status);
		return Answer.json(status, Json.write(body));
	}

	private static Answer failure(int status, String code, String message, ObjectNode details, Scene scene) {
		ObjectNode body = Json.object().put("success", false);
		if (scene.drift().has(Quirk.MESSAGE_AT_TOP)) {
			body.put("message", spelled(code, scene) + ": " + message);
		}
		else if (scene.drift().has(Quirk.MESSAGE_IN_DATA)) {
			body.set("data", Json.object().put("message", spelled(code, scene) + ": " + message));
		}
		else {
			body.set("error", error(spelled(code, scene), message, details, scene));
		}
		identify(body, scene, false);
		return Answer.json(status, Json.write(body));
	}

	private static ObjectNode error(String code, String message, ObjectNode details, Scene scene) {
		boolean hidden = scene.drift().has(Quirk.CODE_ONLY_IN_MESSAGE);
		ObjectNode error = Json.object();
		if (!hidden) {
			error.put("code", code);
		}
		error.put("message", hidden ? code + ": " + message : message);
		if (!details.isEmpty() || scene.drift().has(Quirk.EMPTY_DETAILS)) {
			error.set("details", details);
		}
		return error;
	}

	private static void identify(ObjectNode body, Scene scene, boolean inMeta) {
		if (scene.drift().has(Quirk.REQUEST_ID_MISSING)) {
			return;
		}
		ObjectNode holder = (inMeta || scene.drift().has(Quirk.REQUEST_ID_IN_META)) ? body.withObjectProperty("meta")
				: body;
		holder.put("requestId", scene.requestId());
	}

	private static String spelled(String code, Scene scene) {
		Drift drift = scene.drift();
		return switch (code) {
			case "DUPLICATED_REF" -> drift.has(Quirk.DUPLICATED_WITH_HYPHEN) ? "DUPLICATED-REF" : code;
			case "INSUFFICIENT_BALANCE" -> drift.has(Quirk.NO_BALANCE) ? "NO_BALANCE" : code;
			case "ERR_PHONE" -> drift.has(Quirk.INVALID_PHONE) ? "INVALID_PHONE" : code;
			case "INVALID_ACCESS_TOKEN" -> drift.has(Quirk.ERR_AUTH) ? "ERR_AUTH" : code;
			default -> code;
		};
	}

}
