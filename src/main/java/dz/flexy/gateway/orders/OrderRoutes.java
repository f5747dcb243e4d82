package dz.flexy.gateway.orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths that read orders; none of them asks the upstream. */
@Configuration(proxyBeanMethods = false)
class OrderRoutes {

	@Bean
	RouterFunction<ServerResponse> orderReads(InternetHandler internet, OrderHandler orders) {
		return RouterFunctions.route()
			.GET("/v3/internet/check-id/{id}", internet::byId)
			.GET("/v3/internet/check-ref/{ref}", internet::byRef)
			.GET("/v3/internet/list", internet::list)
			.GET("/orders", orders::list)
			.GET("/orders/{id}", orders::one)
			.GET("/orders/{id}/card", orders::card)
			.build();
	}

}
