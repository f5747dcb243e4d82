package dz.flexy.gateway.console;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The operations board: its page, which anybody may see empty, and what fills it. */
@Configuration(proxyBeanMethods = false)
class BoardRoutes {

	private static final Map<String, Asset> FILES = Stream
		.of("board.css", "board.js", "asking.js", "demo.js", "dom.js", "gauges.js", "i18n.js", "live.js", "orders.js",
				"words.js")
		.collect(Collectors.toUnmodifiableMap(Function.identity(), BoardRoutes::file));

	@Bean
	RouterFunction<ServerResponse> boardPaths(BoardHandler board) {
		Asset page = new Asset(text("html"), () -> "console/board.html");
		return RouterFunctions.route()
			.GET("/", page::answer)
			.GET("/board/{file}", BoardRoutes::file)
			.GET("/console/session", board::session)
			.GET("/console/events", board::events)
			.build();
	}

	/** Nothing but what is listed, whatever else lies beside it. */
	private static Mono<ServerResponse> file(ServerRequest request) {
		Asset file = FILES.get(request.pathVariable("file"));
		return (file != null) ? file.answer(request)
				: Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such file"));
	}

	private static Asset file(String name) {
		return new Asset(text(name.endsWith(".css") ? "css" : "javascript"), () -> "console/" + name);
	}

	private static MediaType text(String type) {
		return new MediaType("text", type, StandardCharsets.UTF_8);
	}

}
