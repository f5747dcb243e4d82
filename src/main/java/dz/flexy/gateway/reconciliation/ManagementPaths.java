package dz.flexy.gateway.reconciliation;

import java.util.List;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.server.PathContainer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Has the management port know its own paths only. Its context finds the routes of the
 * application that it is a child of as well, and would serve callers and browsers on the
 * operators' port.
 */
final class ManagementPaths implements WebFilter, Ordered {

	private final List<PathPattern> own;

	/**
	 * Those of the operators and the actuator.
	 * @param actuator where the actuator is mounted, for example {@code /actuator}
	 */
	ManagementPaths(String actuator) {
		this.own = List.of(PathPatternParser.defaultInstance.parse("/operator/**"),
				PathPatternParser.defaultInstance.parse(actuator + "/**"));
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		return this.own.stream().anyMatch((pattern) -> pattern.matches(path)) ? chain.filter(exchange)
				: Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such path on the management port"));
	}

	/** Behind the access log and before a key is looked at. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 15;
	}

}
