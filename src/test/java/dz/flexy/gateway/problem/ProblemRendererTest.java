package dz.flexy.gateway.problem;

import java.io.IOException;
import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.channel.AbortedException;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemRendererTest {

	private final JsonMapper json = new JsonMapper();

	private final ProblemRenderer renderer = new ProblemRenderer(new Envelope(this.json, new SettableClock()));

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/v3/x"));

	@Test
	void aProblemIsToldAsItIs() {
		JsonNode body = render(Problem.of("ERR_OWN", 418, "no").money(false, true));

		assertThat(status()).isEqualTo(418);
		assertThat(body.path("success").asBoolean(true)).isFalse();
		assertThat(body.at("/error/code").asString()).isEqualTo("ERR_OWN");
		assertThat(body.at("/error/message").asString()).isEqualTo("ERR_OWN: no");
		assertThat(body.at("/error/details/moneyMayHaveMoved").asBoolean(true)).isFalse();
		assertThat(body.at("/error/details/retrySafe").asBoolean(false)).isTrue();
		assertThat(response().getHeaders().getFirst("Retry-After")).isNull();
	}

	@Test
	void aRequestThatDidNotComeToItsEndIsNoFaultOfOurs() {
		JsonNode body = render(new AbortedException("Connection has been closed"));

		assertThat(status()).isEqualTo(400);
		assertThat(body.at("/error/code").asString()).isEqualTo("ERR_VALIDATION");
		assertThat(body.at("/error/details/moneyMayHaveMoved").asBoolean(true)).isFalse();
	}

	/** It may be the database's or the upstream's. */
	@Test
	void aLostConnectionWithinAFailureIsAFault() {
		render(new IllegalStateException(new IOException("Connection reset by peer")));

		assertThat(status()).isEqualTo(500);
	}

	@Test
	void anUnexpectedFailureTellsNothingOfItself() {
		JsonNode body = render(new IllegalStateException("jdbc password=secret"));

		assertThat(status()).isEqualTo(500);
		assertThat(body.at("/error/code").asString()).isEqualTo("INTERNAL_ERROR");
		assertThat(body.toString()).doesNotContain("secret");
		assertThat(body.at("/error/details/moneyMayHaveMoved").asBoolean(true)).isFalse();
		assertThat(body.at("/error/details/retrySafe").asBoolean(false)).isTrue();
	}

	@Test
	void aServerErrorOfTheFrameworkIsUnexpectedToo() {
		JsonNode body = render(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "secret"));

		assertThat(status()).isEqualTo(500);
		assertThat(body.toString()).doesNotContain("secret");
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "999, 1", "1000, 1", "1001, 2", "0, 1", "900000, 900" })
	void retryAfterIsRoundedUpToSeconds(long millis, String seconds) {
		render(Problem.of(ErrorCode.RATE_LIMIT_EXCEEDED, "slowly").retryAfter(Duration.ofMillis(millis)));

		assertThat(status()).isEqualTo(429);
		assertThat(response().getHeaders().getFirst("Retry-After")).isEqualTo(seconds);
	}

	@ParameterizedTest
	@ValueSource(ints = { 429, 503 })
	void whoeverShouldTryAgainIsToldWhen(int status) {
		render(Problem.of("ERR_OWN", status, "later"));

		assertThat(response().getHeaders().getFirst("Retry-After")).isEqualTo("5");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 403, 409, 500 })
	void nobodyElseIsToldWhen(int status) {
		render(Problem.of("ERR_OWN", status, "no"));

		assertThat(response().getHeaders().getFirst("Retry-After")).isNull();
	}

	@Test
	void aKnownDelayIsToldWithAnyStatus() {
		render(Problem.of("ERR_OWN", 409, "busy").retryAfter(Duration.ofSeconds(7)));

		assertThat(response().getHeaders().getFirst("Retry-After")).isEqualTo("7");
	}

	@Test
	void anUnknownPathIsNotFound() {
		assertThat(code(new ResponseStatusException(HttpStatus.NOT_FOUND))).isEqualTo("NOT_FOUND");
		assertThat(status()).isEqualTo(404);
	}

	@Test
	void anUnknownMethodIsNotFound() {
		assertThat(code(new MethodNotAllowedException(HttpMethod.PUT, null))).isEqualTo("NOT_FOUND");
		assertThat(status()).isEqualTo(404);
	}

	@Test
	void anUnreadableRequestIsInvalid() {
		assertThat(code(new ServerWebInputException("cannot parse"))).isEqualTo("ERR_VALIDATION");
		assertThat(status()).isEqualTo(400);
	}

	@Test
	void aBodyTooLargeIsToldSo() {
		assertThat(code(new DataBufferLimitException("too large"))).isEqualTo("PAYLOAD_TOO_LARGE");
		assertThat(status()).isEqualTo(413);
	}

	@Test
	void aBodyTooLargeIsToldSoWhateverWrapsIt() {
		assertThat(code(new ResponseStatusException(HttpStatus.BAD_REQUEST, "unreadable",
				new DataBufferLimitException("too large"))))
			.isEqualTo("PAYLOAD_TOO_LARGE");
	}

	@Test
	void anAnswerThatHasBegunIsLeftAlone() {
		IllegalStateException failure = new IllegalStateException("late");
		response().setComplete().block();

		StepVerifier.create(this.renderer.handle(this.exchange, failure))
			.expectErrorMatches((told) -> told == failure)
			.verify(Duration.ofSeconds(5));
	}

	private String code(Throwable failure) {
		return render(failure).at("/error/code").asString();
	}

	private JsonNode render(Throwable failure) {
		this.renderer.handle(this.exchange, failure).block();
		assertThat(response().getHeaders().getContentType()).isEqualTo(Envelope.JSON);
		return this.json.readTree(response().getBodyAsString().block());
	}

	private int status() {
		return response().getStatusCode().value();
	}

	private MockServerHttpResponse response() {
		return this.exchange.getResponse();
	}

}
