package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a route gets to see of a call.
 *
 * @param caller the caller's key; absent on open routes only
 */
record Visit(Call call, Map<String, String> values, @Nullable AccessKey caller, Scene scene) {

	Instant now() {
		return scene().now();
	}

	Drift drift() {
		return scene().drift();
	}

	AccessKey key() {
		if (this.caller == null) {
			throw new Refused(401, "MISSING_ACCESS_TOKEN", "Access token is missing");
		}
		return this.caller;
	}

	Tenant tenant() {
		return key().tenant();
	}

	Book book() {
		return key().book();
	}

	String value(String name) {
		return this.values.getOrDefault(name, "");
	}

	Optional<String> query(String name) {
		return Optional.ofNullable(this.call.query().get(name));
	}

	String requiredQuery(String name) {
		return query(name).filter((value) -> !value.isEmpty())
			.orElseThrow(() -> Refused.invalid(name, "", "is required"));
	}

	JsonNode body() {
		JsonNode body = Json.read(this.call.body());
		if (!body.isObject()) {
			throw Refused.invalid("body", "", "must be object");
		}
		return body;
	}

}
