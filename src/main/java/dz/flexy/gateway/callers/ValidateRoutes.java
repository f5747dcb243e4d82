package dz.flexy.gateway.callers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.problem.Envelope;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * {@code GET /v3/validate}: the caller's own key, never the upstream's, in the shape of
 * contract section 2.2. An empty {@code allowedips} means every address.
 */
@Configuration(proxyBeanMethods = false)
class ValidateRoutes {

	@Bean
	RouterFunction<ServerResponse> validate(Envelope envelope, Accounts accounts) {
		return RouterFunctions.route().GET("/v3/validate", (request) -> answer(request, envelope, accounts)).build();
	}

	private static Mono<ServerResponse> answer(ServerRequest request, Envelope envelope, Accounts accounts) {
		Caller caller = (Caller) request.attribute(Caller.class.getName()).orElseThrow();
		Map<String, Object> key = new LinkedHashMap<>();
		key.put("key", request.headers().firstHeader("X-Access-Token"));
		key.put("isEnabled", true);
		key.put("type", accounts.get(caller.account()).type());
		key.put("allowedips", List.of());
		key.put("scope", caller.may(Scope.ORDERS_WRITE) ? "READ-WRITE" : "READ-ONLY");
		String body = envelope.success(request, Map.of("username", caller.id().value(), "apiKey", key));
		return Envelope.answer(HttpStatus.OK).cacheControl(CacheControl.noStore()).bodyValue(body);
	}

}
