package dz.flexy.gateway.simulator;

import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ping and validate.
 */
final class CoreRoutes {

	private CoreRoutes() {
	}

	static List<Route> all() {
		return List.of(new Route("GET", "/v3/ping", true, CoreRoutes::ping),
				Route.get("/v3/validate", CoreRoutes::validate));
	}

	private static Reply ping(Visit visit) {
		ObjectNode operators = Json.object();
		List.of("mobilis", "ooredoo", "djezzy", "mobilisFixedPlans").forEach((name) -> operators.put(name, "up"));
		ObjectNode data = Json.object().put("api", "ok");
		data.set("operators", operators);
		return Reply.of(data);
	}

	private static Reply validate(Visit visit) {
		AccessKey key = visit.key();
		if (visit.drift().has(Quirk.VALIDATE_OF_BILLS)) {
			ObjectNode other = Json.object();
			other.set("account", Json.object().put("id", key.book().username()).put("status", "ACTIVE"));
			other.set("key", Json.object().put("type", key.type().name()));
			return Reply.of(other, Reply.Form.BARE);
		}
		ArrayNode addresses = Json.array();
		key.allowedAddresses().forEach(addresses::add);
		ObjectNode apiKey = Json.object().put("key", key.text()).put("isEnabled", key.isEnabled());
		apiKey.put("type", key.type().name()).set("allowedips", addresses);
		apiKey.put("scope", key.scope().wire());
		ObjectNode data = Json.object().put("username", key.book().username());
		data.set("apiKey", apiKey);
		return Reply.of(data, Reply.Form.BARE);
	}

}
