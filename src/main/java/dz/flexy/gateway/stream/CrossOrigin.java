package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the named other origins read {@code /orders}, and no others. Before the
 * authentication, since a browser asks first, without a key. A request of a page that is
 * not named is answered as ever, without the headers that would let the page see it.
 */
@Configuration(proxyBeanMethods = false)
class CrossOrigin {

	private static final PathPattern ORDERS = PathPatternParser.defaultInstance.parse("/orders/**");

	private final CorsConfiguration allowed = new CorsConfiguration();

	private final StreamProperties properties;

	CrossOrigin(StreamProperties properties) {
		this.properties = properties;
		this.allowed.setAllowedOrigins(properties.corsOrigins());
		this.allowed.setAllowedMethods(List.of(HttpMethod.GET.name()));
		this.allowed.setAllowedHeaders(List.of("X-Access-Token", "Last-Event-ID", HttpHeaders.CACHE_CONTROL));
		this.allowed.setExposedHeaders(List.of("X-Request-ID", HttpHeaders.RETRY_AFTER));
		this.allowed.setAllowCredentials(true);
		this.allowed.setMaxAge(Duration.ofHours(1));
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 15)
	WebFilter crossOriginFilter() {
		return this.properties.corsOrigins().isEmpty() ? (exchange, chain) -> chain.filter(exchange)
				: new CorsWebFilter(this::of);
	}

	private @Nullable CorsConfiguration of(ServerWebExchange exchange) {
		boolean orders = ORDERS.matches(exchange.getRequest().getPath().pathWithinApplication());
		return orders && (CorsUtils.isPreFlightRequest(exchange.getRequest()) || isNamed(exchange)) ? this.allowed
				: null;
	}

	private boolean isNamed(ServerWebExchange exchange) {
		return HttpMethod.GET.equals(exchange.getRequest().getMethod())
				&& this.allowed.checkOrigin(exchange.getRequest().getHeaders().getOrigin()) != null;
	}

}
