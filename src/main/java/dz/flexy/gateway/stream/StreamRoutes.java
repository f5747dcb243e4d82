package dz.flexy.gateway.stream;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of the event streams. */
@Configuration(proxyBeanMethods = false)
class StreamRoutes {

	/** Before {@code /orders/{id}}, which would take "events" for an id. */
	@Bean
	@Order(0)
	RouterFunction<ServerResponse> streams(StreamHandler streams) {
		return RouterFunctions.route()
			.GET("/orders/events", streams::ofCaller)
			.GET("/orders/{id}/events", streams::ofOrder)
			.build();
	}

}
