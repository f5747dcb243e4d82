package dz.flexy.gateway.catalog;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of this module. */
@Configuration(proxyBeanMethods = false)
class CatalogRoutes {

	@Bean
	RouterFunction<ServerResponse> catalogPaths(CatalogHandler handler) {
		return RouterFunctions.route()
			.GET("/v3/internet/products", handler::products)
			.GET("/v3/internet/check-number", handler::checkNumber)
			.GET("/v3/mobile/plans", handler::plans)
			.GET("/v3/gift-cards/catalog", handler::giftCatalog)
			.GET("/v3/gift-cards/checkProduct/{id}", handler::giftProduct)
			.GET("/v3/ping", handler::ping)
			.build();
	}

}
