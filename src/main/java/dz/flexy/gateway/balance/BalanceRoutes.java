package dz.flexy.gateway.balance;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of this module. */
@Configuration(proxyBeanMethods = false)
class BalanceRoutes {

	@Bean
	RouterFunction<ServerResponse> balancePaths(BalanceHandler handler) {
		return RouterFunctions.route().GET("/v3/account/balance", handler::balance).build();
	}

}
