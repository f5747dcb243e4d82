package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.callers.Caller;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;

/** Routes without a server, asked by callers who are known already. */
public final class RoutesUnderTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final HandlerStrategies STRATEGIES = HandlerStrategies.withDefaults();

	private final RouterFunction<ServerResponse> routes;

	public RoutesUnderTest(RouterFunction<ServerResponse> routes) {
		this.routes = routes;
	}

	/** What a GET is answered; fails with the refusal. */
	public Answer get(Caller caller, String path) {
		return get(caller, path, Map.of());
	}

	/** The same with further attributes, by the names of their types. */
	public Answer get(Caller caller, String path, Map<String, Object> attributes) {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get(path));
		exchange.getAttributes().putAll(attributes);
		return Objects.requireNonNull(answer(caller, exchange).block(PATIENCE));
	}

	/** Emits what a POST is answered; fails with the refusal. */
	public Mono<Answer> post(Caller caller, String path, Object body, Map<String, String> headers) {
		MockServerHttpRequest.BodyBuilder request = MockServerHttpRequest.method(HttpMethod.POST, path)
			.contentType(MediaType.APPLICATION_JSON);
		headers.forEach(request::header);
		return answer(caller, MockServerWebExchange.from(request.body(JsonMapper.shared().writeValueAsString(body))));
	}

	private Mono<Answer> answer(Caller caller, MockServerWebExchange exchange) {
		exchange.getAttributes().put(Caller.class.getName(), caller);
		ServerRequest request = ServerRequest.create(exchange, STRATEGIES.messageReaders());
		return this.routes.route(request)
			.flatMap((handler) -> handler.handle(request))
			.flatMap((response) -> response.writeTo(exchange, new Context()))
			.then(Mono.defer(() -> exchange.getResponse().getBodyAsString()))
			.map((body) -> new Answer(Objects.requireNonNull(exchange.getResponse().getStatusCode()).value(),
					exchange.getResponse().getHeaders(), JsonMapper.shared().readTree(body)));
	}

	/**
	 * An answer.
	 *
	 * @param body its JSON
	 */
	public record Answer(int status, HttpHeaders headers, JsonNode body) {

		public JsonNode data() {
			return this.body.path("data");
		}

	}

	private static final class Context implements ServerResponse.Context {

		@Override
		public List<HttpMessageWriter<?>> messageWriters() {
			return STRATEGIES.messageWriters();
		}

		@Override
		public List<ViewResolver> viewResolvers() {
			return STRATEGIES.viewResolvers();
		}

	}

}
