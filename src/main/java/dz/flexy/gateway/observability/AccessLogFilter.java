package dz.flexy.gateway.observability;

import java.util.Optional;

import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.problem.RequestNotes;
import io.micrometer.core.instrument.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * One line per request: its id, who called, the route's template, how it ended, how long
 * it took and the upstream's id of what was asked there for it. Paths and queries are not
 * logged, because numbers and references stand in them.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class AccessLogFilter implements WebFilter {

	private static final Logger log = LoggerFactory.getLogger("dz.flexy.gateway.access");

	private final Clock clock;

	AccessLogFilter(Clock clock) {
		this.clock = clock;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return Mono.defer(() -> {
			long start = this.clock.monotonicTime();
			return chain.filter(exchange)
				.doOnError((failure) -> exchange.getResponse().beforeCommit(() -> told(exchange, start)))
				.doOnSuccess((done) -> write(exchange, status(exchange), start))
				.doOnCancel(() -> write(exchange, "cancelled", start));
		});
	}

	/** A failure becomes an answer further out. */
	private Mono<Void> told(ServerWebExchange exchange, long start) {
		return Mono.fromRunnable(() -> write(exchange, status(exchange), start));
	}

	private void write(ServerWebExchange exchange, Object ended, long start) {
		RequestNotes notes = RequestNotes.of(exchange);
		log.info("{} {} {} {} ms={} caller={} upstreamRequest={}", RequestId.of(exchange),
				exchange.getRequest().getMethod(), route(exchange), ended,
				(this.clock.monotonicTime() - start) / 1_000_000, notes.caller(), notes.upstreamRequest());
	}

	private static Object status(ServerWebExchange exchange) {
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		return (status != null) ? status.value() : 200;
	}

	private static Object route(ServerWebExchange exchange) {
		return Optional.ofNullable(exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)).orElse("-");
	}

}
