package dz.flexy.gateway.console;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The page of one order. It is the same for every order, and for none: what its reader
 * may see he is told by the order's own paths.
 */
@Configuration(proxyBeanMethods = false)
class TrackRoutes {

	private static final List<String> PARTS = List.of("track.css", "track.js", "track-words.js");

	@Bean
	RouterFunction<ServerResponse> trackPaths() {
		RouterFunctions.Builder routes = RouterFunctions.route()
			.GET("/track/{id}", asset("track.html", "html")::answer);
		for (String part : PARTS) {
			routes.GET("/tracking/" + part, asset(part, part.endsWith(".css") ? "css" : "javascript")::answer);
		}
		return routes.build();
	}

	private static Asset asset(String file, String subtype) {
		MediaType type = new MediaType(new MediaType("text", subtype), StandardCharsets.UTF_8);
		return new Asset(type, () -> "console/" + file);
	}

}
