package dz.flexy.gateway.problem;

import java.security.SecureRandom;
import java.time.Clock;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/** Gives each request its id before anything else sees it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter implements WebFilter {

	private final Clock clock;

	private final SecureRandom random;

	RequestIdFilter(Clock clock, SecureRandom random) {
		this.clock = clock;
		this.random = random;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		RequestId id = RequestId.next(this.clock, this.random);
		RequestNotes notes = new RequestNotes();
		exchange.getAttributes().put(RequestId.class.getName(), id);
		notes.enter(exchange);
		exchange.getResponse().getHeaders().set(RequestId.HEADER, id.value());
		return chain.filter(exchange).contextWrite((context) -> notes.in(id.in(context)));
	}

}
