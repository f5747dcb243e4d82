package dz.flexy.gateway.callers;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths by which browsers are let in, and out. */
@Configuration(proxyBeanMethods = false)
class TicketRoutes {

	@Bean
	RouterFunction<ServerResponse> ticketPaths(TicketHandler tickets) {
		return RouterFunctions.route()
			.POST("/orders/tickets", tickets::ofBoard)
			.POST("/orders/{id}/tickets", tickets::ofOrder)
			.POST(Reach.SIGN_OUT, tickets::signOut)
			.build();
	}

}
