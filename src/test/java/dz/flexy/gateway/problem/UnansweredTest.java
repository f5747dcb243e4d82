package dz.flexy.gateway.problem;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

class UnansweredTest {

	private static final RouterFunction<ServerResponse> ROUTES = RouterFunctions.route()
		.GET("/nothing", (request) -> Mono.empty())
		.POST("/nothing", (request) -> Mono.empty())
		.GET("/empty", (request) -> ServerResponse.ok().build())
		.GET("/body", (request) -> ServerResponse.ok().bodyValue("body"))
		.build();

	private final WebTestClient client = WebTestClient.bindToRouterFunction(ROUTES)
		.handlerStrategies(HandlerStrategies.builder()
			.webFilter(new Unanswered())
			.exceptionHandler(new ProblemRenderer(new Envelope(new JsonMapper(), new SettableClock())))
			.build())
		.build();

	@Test
	void aHandlerThatEndsWithoutAnAnswerIsAFault() {
		send(HttpMethod.GET, "/nothing").expectStatus()
			.isEqualTo(500)
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("INTERNAL_ERROR")
			.jsonPath("$.error.details.moneyMayHaveMoved")
			.isEqualTo(false);
		send(HttpMethod.POST, "/nothing").expectStatus()
			.isEqualTo(500)
			.expectBody()
			.jsonPath("$.error.details.moneyMayHaveMoved")
			.isEqualTo(true);
	}

	@Test
	void anAnswerWithoutABodyIsOne() {
		send(HttpMethod.GET, "/empty").expectStatus().isOk().expectBody().isEmpty();
		send(HttpMethod.GET, "/body").expectStatus().isOk().expectBody(String.class).isEqualTo("body");
	}

	private ResponseSpec send(HttpMethod method, String path) {
		return this.client.method(method).uri(path).exchange();
	}

}
