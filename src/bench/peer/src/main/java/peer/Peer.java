package peer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

@SpringBootApplication
public class Peer {

	public static void main(String[] arguments) {
		SpringApplication.run(Peer.class, arguments);
	}

	/** The least that forwards by WebClient: what this stack can do at best. */
	@Bean
	RouterFunction<ServerResponse> forwarded(WebClient.Builder builder, @Value("${upstream}") String upstream) {
		WebClient client = builder.baseUrl(upstream).build();
		return RouterFunctions.route()
			.GET("/least/**", (request) -> client.get()
				.uri(request.path().substring("/least".length()))
				.header("X-Access-Token", "another")
				.retrieve()
				.toEntityFlux(DataBuffer.class)
				.flatMap((answer) -> ServerResponse.status(answer.getStatusCode())
					.header(HttpHeaders.CONTENT_TYPE, answer.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE))
					.body(answer.getBody(), DataBuffer.class)))
			.build();
	}

}
