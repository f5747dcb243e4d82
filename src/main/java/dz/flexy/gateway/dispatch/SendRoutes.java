package dz.flexy.gateway.dispatch;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths that start or stop a purchase. */
@Configuration(proxyBeanMethods = false)
class SendRoutes {

	@Bean
	RouterFunction<ServerResponse> sends(SendHandler sends, CancelHandler cancels) {
		return RouterFunctions.route()
			.POST("/v3/internet/send", sends::internet)
			.POST("/v3/mobile/send", sends::mobile)
			.POST("/v3/gift-cards/placeOrder", sends::giftCards)
			.POST("/orders/{id}/cancel", cancels::cancel)
			.build();
	}

}
