package dz.flexy.gateway;

import java.util.Set;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

class ServedRoutesTest {

	@Test
	void tellsMethodAndPathOfEachRoute() {
		assertThat(ServedRoutes.of(RouterFunctions.route()
			.GET("/orders/{id}/card", (request) -> ServerResponse.ok().build())
			.POST("/send", RequestPredicates.contentType(org.springframework.http.MediaType.APPLICATION_JSON),
					(request) -> ServerResponse.ok().build())
			.path("/v3", (inner) -> inner.GET("/ping", (request) -> ServerResponse.ok().build()))
			.build())).isEqualTo(Set.of("GET /orders/{}/card", "POST /send", "GET /v3/ping"));
	}

	@Test
	void hidesNoRouteThatItCannotRead() {
		RouterFunction<ServerResponse> own = (request) -> Mono.empty();

		assertThat(ServedRoutes.of(RouterFunctions
			.route(RequestPredicates.GET("/a").or(RequestPredicates.GET("/b")),
					(request) -> ServerResponse.ok().build())
			.andRoute((request) -> true, (request) -> ServerResponse.ok().build())
			.andRoute(RequestPredicates.path("/any-method"), (request) -> ServerResponse.ok().build())
			.and(own))).hasSize(4).allSatisfy((route) -> assertThat(route).startsWith("? "));
	}

}
