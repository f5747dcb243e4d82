package dz.flexy.gateway.orders;

import dz.flexy.gateway.account.Family;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths that read orders; none of them asks the upstream. */
@Configuration(proxyBeanMethods = false)
class OrderRoutes {

	@Bean
	RouterFunction<ServerResponse> orderReads(LedgerHandler ledger, OrderHandler orders) {
		return RouterFunctions.route()
			.GET("/v3/internet/check-id/{id}", ledger.byId(Family.INTERNET))
			.GET("/v3/internet/check-ref/{ref}", ledger.byRef(Family.INTERNET))
			.GET("/v3/internet/list", ledger.list(Family.INTERNET))
			.GET("/v3/mobile/check-id/{id}", ledger.byId(Family.MOBILE))
			.GET("/v3/mobile/check-ref/{ref}", ledger.byRef(Family.MOBILE))
			.GET("/v3/mobile/list", ledger.list(Family.MOBILE))
			.GET("/v3/gift-cards/checkOrder/{id}", ledger.byId(Family.GIFT_CARD))
			.GET("/v3/gift-cards/list", ledger.list(Family.GIFT_CARD))
			.GET("/orders", orders::list)
			.GET("/orders/{id}", orders::one)
			.GET("/orders/{id}/card", orders::card)
			.build();
	}

}
