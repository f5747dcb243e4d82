package dz.flexy.gateway.reconciliation;

import java.util.List;

import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

/**
 * Mounts the operators' paths in the management context, be it of its own or, where both
 * ports are one, the application's. Named in {@code META-INF/spring} and without an
 * annotation, since a component scan would mount them on the callers' port.
 */
class ManagementRoutes {

	@Bean
	RouterFunction<ServerResponse> operatorPaths(List<OperatorRouting> routings) {
		return routings.stream()
			.map(OperatorRouting::routes)
			.reduce(RouterFunction::and)
			.orElse((request) -> Mono.empty());
	}

	/** Where both ports are one, its paths are everybody's. */
	@Bean
	WebFilter managementPaths(Environment environment) {
		return (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT)
				? new ManagementPaths(environment.getProperty("management.endpoints.web.base-path", "/actuator"))
				: (exchange, chain) -> chain.filter(exchange);
	}

}
