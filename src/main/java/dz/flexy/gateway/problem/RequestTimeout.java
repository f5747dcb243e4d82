package dz.flexy.gateway.problem;

import reactor.netty.http.server.HttpServer;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection of a request whose body is waited for in vain. One that was
 * answered without its body is let go on; an answer may take as long as it likes.
 */
@Component
@EnableConfigurationProperties(RequestProperties.class)
class RequestTimeout implements NettyServerCustomizer {

	private final RequestProperties properties;

	RequestTimeout(RequestProperties properties) {
		this.properties = properties;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.requestTimeout(this.properties.timeout());
	}

}
