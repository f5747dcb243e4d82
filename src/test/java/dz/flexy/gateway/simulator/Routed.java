package dz.flexy.gateway.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A call with the route that serves it.
 *
 * @param values decoded path variables
 */
record Routed(Route route, Map<String, String> values) {

	static Optional<Routed> find(List<Route> routes, Call call) {
		return routes.stream()
			.flatMap((route) -> route.match(call).map((values) -> new Routed(route, values)).stream())
			.findFirst();
	}

}
