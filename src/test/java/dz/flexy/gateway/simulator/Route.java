package dz.flexy.gateway.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One path of the upstream. A segment in braces stands for any one non-empty segment.
 *
 * @param open whether it answers without a key
 */
record Route(String method, String template, boolean open, Handler handler) {

	@FunctionalInterface
	interface Handler {

		Reply serve(Visit visit);

	}

	static Route get(String template, Handler handler) {
		return new Route("GET", template, false, handler);
	}

	static Route post(String template, Handler handler) {
		return new Route("POST", template, false, handler);
	}

	/** The decoded values of the braces, or empty when the call is for another route. */
	Optional<Map<String, String>> match(Call call) {
		List<String> wanted = List.of(this.template.substring(1).split("/"));
		List<String> given = call.segments();
		if (!call.method().equals(this.method) || wanted.size() != given.size()) {
			return Optional.empty();
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < wanted.size(); i++) {
			if (!matches(wanted.get(i), given.get(i), values)) {
				return Optional.empty();
			}
		}
		return Optional.of(values);
	}

	private static boolean matches(String wanted, String given, Map<String, String> values) {
		if (!wanted.startsWith("{")) {
			return wanted.equals(given);
		}
		values.put(wanted.substring(1, wanted.length() - 1), Call.decoded(given));
		return !given.isEmpty();
	}

}
