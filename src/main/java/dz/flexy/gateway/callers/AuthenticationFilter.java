package dz.flexy.gateway.callers;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.problem.InvalidSetting;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Lets only known callers to {@code /v3}, {@code /orders} and {@code /console}, and only
 * operators to {@code /operator} and to what the actuator has beyond its probes and
 * figures; counts their requests and says what is left of their quota. What browsers read
 * they may also read by a ticket. Other paths have no caller. The management port has the
 * same filters as the other one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class AuthenticationFilter implements WebFilter {

	private static final String KEY_HEADER = "X-Access-Token";

	/** Read as the routes are: escapes decoded, path parameters left out. */
	private static final List<PathPattern> PROTECTED = Stream.of("/v3/**", "/orders/**", "/console/**")
		.map(PathPatternParser.defaultInstance::parse)
		.toList();

	private static final PathPattern PING = PathPatternParser.defaultInstance.parse("/v3/ping");

	/** Served by the demo alone, which shows its key to anybody. */
	private static final PathPattern DEMO = PathPatternParser.defaultInstance.parse("/console/demo");

	static final String ACTUATOR = "management.endpoints.web.base-path";

	static final String USUAL_ACTUATOR = "/actuator";

	/**
	 * Probes and scrapers have no key; what they read changes nothing and shows no money.
	 */
	private static final List<String> OPEN = List.of("", "/", "/health/**", "/info", "/prometheus", "/breakers");

	private final List<PathPattern> operators;

	private final List<PathPattern> open;

	private final Callers callers;

	private final FailedAttempts attempts;

	private final Browsers browsers;

	private final Replicas replicas;

	private final Clock clock;

	private final MeterRegistry meters;

	private final Map<CallerId, MeteredQuota> quotas = new ConcurrentHashMap<>();

	AuthenticationFilter(Callers callers, FailedAttempts attempts, Browsers browsers, Replicas replicas, Clock clock,
			MeterRegistry meters, Environment environment) {
		String actuator = actuator(environment.getProperty(ACTUATOR, USUAL_ACTUATOR));
		this.operators = Stream.of("/operator/**", actuator + "/**")
			.map(PathPatternParser.defaultInstance::parse)
			.toList();
		this.open = OPEN.stream().map((path) -> PathPatternParser.defaultInstance.parse(actuator + path)).toList();
		this.callers = callers;
		this.attempts = attempts;
		this.browsers = browsers;
		this.replicas = replicas;
		this.clock = clock;
		this.meters = meters;
	}

	/** The path itself, if what is below it can be told from the rest. */
	static String actuator(String path) {
		if (!path.matches("(/[\\w-]+)+")) {
			throw new InvalidSetting(ACTUATOR, "must be a path such as /actuator, was " + path);
		}
		return path;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		boolean operators = isAny(this.operators, path) && !isAny(this.open, path);
		if (!operators && (PING.matches(path) || DEMO.matches(path) || !isAny(PROTECTED, path))) {
			return page(exchange).then(chain.filter(exchange));
		}
		Optional<Reach> reach = operators ? Optional.empty() : reach(exchange.getRequest());
		if (reach.isPresent()) {
			return this.browsers.admit(exchange, reach.get()).flatMap((authority) -> {
				authority.enter(exchange);
				return chain.filter(exchange);
			});
		}
		return Mono.defer(() -> {
			Caller caller = caller(exchange.getRequest());
			Authority.ofKey(caller).enter(exchange);
			count(caller, exchange.getResponse().getHeaders());
			if (operators) {
				caller.demand(Scope.OPERATOR);
			}
			return chain.filter(exchange);
		});
	}

	/** A key wins over whatever the browser sends along. */
	private static Optional<Reach> reach(ServerHttpRequest request) {
		return (request.getHeaders().containsHeader(KEY_HEADER) || !Browsers.carries(request)) ? Optional.empty()
				: Reach.ofData(request);
	}

	private Mono<Void> page(ServerWebExchange exchange) {
		return (exchange.getRequest().getURI().getRawQuery() == null || !Browsers.showsTicket(exchange.getRequest()))
				? Mono.empty() : Mono.justOrEmpty(Reach.ofPage(exchange.getRequest()))
					.flatMap((reach) -> this.browsers.open(exchange, reach));
	}

	private static boolean isAny(List<PathPattern> patterns, PathContainer path) {
		return patterns.stream().anyMatch((pattern) -> pattern.matches(path));
	}

	/** A known key passes whatever its neighbours behind the same address have shown. */
	private Caller caller(ServerHttpRequest request) {
		String key = request.getHeaders().getFirst(KEY_HEADER);
		if (key == null || key.isBlank()) {
			throw this.attempts.missing();
		}
		return this.callers.find(key).orElseThrow(() -> this.attempts.unknown(request.getRemoteAddress()));
	}

	private void count(Caller caller, HttpHeaders answer) {
		this.quotas.computeIfAbsent(caller.id(), (id) -> quota(caller)).demand(answer);
	}

	private MeteredQuota quota(Caller caller) {
		return new MeteredQuota(caller.id(), new Quota(caller, this.replicas, this.clock), this.meters);
	}

}
