package dz.flexy.gateway.passthrough;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of this module: those of {@link Endpoint} and no other. */
@Configuration(proxyBeanMethods = false)
class PassthroughRoutes {

	@Bean
	RouterFunction<ServerResponse> passedPaths(PassthroughHandler handler) {
		RouterFunctions.Builder routes = RouterFunctions.route();
		for (Endpoint endpoint : Endpoint.values()) {
			routes.route(RequestPredicates.method(endpoint.method()).and(RequestPredicates.path(endpoint.pattern())),
					(request) -> handler.pass(request, endpoint));
		}
		return routes.build();
	}

}
