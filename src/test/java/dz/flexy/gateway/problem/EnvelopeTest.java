package dz.flexy.gateway.problem;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;

import static org.assertj.core.api.Assertions.assertThat;

class EnvelopeTest {

	private static final RequestId ID = new RequestId("req_1_ab");

	private final Envelope envelope = new Envelope(new JsonMapper(), new SettableClock());

	@Test
	void aSuccessLooksLikeTheUpstreams() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v3/x"));
		exchange.getAttributes().put(RequestId.class.getName(), ID);
		ServerRequest request = ServerRequest.create(exchange, List.of());

		assertThat(this.envelope.success(request, Map.of("balance", 1))).isEqualTo("""
				{"success":true,"data":{"balance":1},"meta":{"timestamp":"2026-01-15T10:00:00.000Z"},\
				"requestId":"req_1_ab"}""");
	}

	@Test
	void metaMayTellMoreThanTheTime() {
		MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v3/x"));
		exchange.getAttributes().put(RequestId.class.getName(), ID);
		ServerRequest request = ServerRequest.create(exchange, List.of());

		this.envelope.ok(request, Map.of(), Map.of("totalProducts", 4))
			.flatMap((response) -> response.writeTo(exchange, new Written()))
			.block();

		assertThat(exchange.getResponse().getBodyAsString().block()).isEqualTo("""
				{"success":true,"data":{},"meta":{"totalProducts":4,"timestamp":"2026-01-15T10:00:00.000Z"},\
				"requestId":"req_1_ab"}""");
	}

	@Test
	void aFailureLooksLikeTheUpstreams() {
		Problem problem = Problem.of(ErrorCode.ERR_PHONE, "no such line").detail("field", "number");

		assertThat(this.envelope.failure(ID, problem)).isEqualTo("""
				{"success":false,"error":{"code":"ERR_PHONE","message":"ERR_PHONE: no such line",\
				"details":{"field":"number"}},"requestId":"req_1_ab"}""");
	}

	@Test
	void aFailureWithoutDetailsHasNone() {
		assertThat(this.envelope.failure(ID, Problem.of("ERR_OWN", 400, "no"))).isEqualTo("""
				{"success":false,"error":{"code":"ERR_OWN","message":"ERR_OWN: no"},"requestId":"req_1_ab"}""");
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-15T10:00:00Z, 2026-01-15T10:00:00.000Z",
			"2026-01-15T10:00:00.0009Z, 2026-01-15T10:00:00.000Z",
			"2026-01-15T10:00:00.12Z, 2026-01-15T10:00:00.120Z" })
	void timesHaveThreeDecimals(Instant instant, String text) {
		assertThat(Envelope.timestamp(instant)).isEqualTo(text);
	}

	@Test
	void writesJsonUnderTheStatus() {
		ServerResponse response = this.envelope.write(HttpStatus.CONFLICT, "{}").block();

		assertThat(response.statusCode()).isEqualTo(HttpStatus.CONFLICT);
		assertThat(response.headers().getContentType()).hasToString("application/json;charset=utf-8");
	}

	private static final class Written implements ServerResponse.Context {

		@Override
		public List<HttpMessageWriter<?>> messageWriters() {
			return HandlerStrategies.withDefaults().messageWriters();
		}

		@Override
		public List<ViewResolver> viewResolvers() {
			return List.of();
		}

	}

}
