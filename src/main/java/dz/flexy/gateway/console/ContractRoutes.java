package dz.flexy.gateway.console;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;

import org.webjars.WebJarVersionLocator;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The contract and the page to try it; no key is needed to read them. */
@Configuration(proxyBeanMethods = false)
class ContractRoutes {

	@Bean
	RouterFunction<ServerResponse> contractPaths() {
		Asset contract = new Asset(MediaType.APPLICATION_YAML, () -> "openapi.yaml");
		Asset page = new Asset(text(MediaType.TEXT_HTML), () -> "console/docs.html");
		Asset start = new Asset(text(new MediaType("text", "javascript")), () -> "console/docs.js");
		Asset script = new Asset(text(new MediaType("text", "javascript")), swaggerUi("swagger-ui-bundle.js"));
		Asset style = new Asset(text(new MediaType("text", "css")), swaggerUi("swagger-ui.css"));
		return RouterFunctions.route()
			.GET("/openapi.yaml", contract::answer)
			.GET("/docs", page::answer)
			.GET("/docs/docs.js", start::answer)
			.GET("/docs/swagger-ui-bundle.js", script::answer)
			.GET("/docs/swagger-ui.css", style::answer)
			.build();
	}

	private static Supplier<String> swaggerUi(String file) {
		return () -> Objects.requireNonNull(new WebJarVersionLocator().fullPath("swagger-ui", file), file);
	}

	private static MediaType text(MediaType type) {
		return new MediaType(type, StandardCharsets.UTF_8);
	}

}
