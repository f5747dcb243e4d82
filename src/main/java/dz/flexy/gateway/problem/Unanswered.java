package dz.flexy.gateway.problem;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * A handler that ends without an answer is a fault. The framework would make it a 200
 * without a body, which a caller may take for success.
 */
@Component
@Order(Ordered.LOWEST_PRECEDENCE)
class Unanswered implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return chain.filter(exchange)
			.then(Mono.defer(() -> answered(exchange.getResponse()) ? Mono.empty()
					: Mono.error(new IllegalStateException("the handler gave no answer"))));
	}

	/** A file that was not modified has a status only. */
	private static boolean answered(ServerHttpResponse response) {
		return response.isCommitted() || response.getStatusCode() != null;
	}

}
