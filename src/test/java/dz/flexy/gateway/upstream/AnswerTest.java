package dz.flexy.gateway.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerTest {

	private static final Instant OURS = Instant.parse("2026-01-15T10:00:00Z");

	private final HttpHeaders headers = new HttpHeaders();

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{\"requestId\":\"top\",\"meta\":{\"requestId\":\"inner\"}} | top",
					"{\"meta\":{\"requestId\":\"inner\"}} | inner", "{\"requestId\":\"\"} | header", "{} | header",
					"not json | header" })
	void takesTheFirstRequestIdItFinds(String body, String id) {
		this.headers.set("X-Request-ID", "header");

		assertThat(answer(200, body).requestId()).isEqualTo(id);
	}

	/** It is logged, stored and shown, wherever it stood. */
	@Test
	void aRequestIdIsPlainText() {
		this.headers.set("X-Request-ID", "id\u001B[2K" + "x".repeat(1000));

		assertThat(answer(200, "{}").requestId()).startsWith("id [2K").hasSize(500);
	}

	@Test
	void aMissingRequestIdIsADash() {
		assertThat(answer(200, "{}").requestId()).isEqualTo("-");
	}

	@Test
	void knowsTheUpstreamsOwnTime() {
		this.headers.set("Date", "Wed, 29 Oct 2025 00:36:59 GMT");

		assertThat(answer(200, "{}").upstreamNow(OURS)).isEqualTo("2025-10-29T00:36:59Z");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "now", "2025-10-29T00:36:59Z", "Wed, 99 Oct 2025 00:36:59 GMT" })
	void fallsBackOnOurTime(String date) {
		this.headers.set("Date", date);

		assertThat(answer(200, "{}").upstreamNow(OURS)).isEqualTo(OURS);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "404 | {\"message\":\"x\",\"statusCode\":404} | true",
					"404 | {\"success\":false,\"statusCode\":404} | false", "404 | {\"statusCode\":500} | false",
					"500 | {\"statusCode\":404} | false", "404 | <html> | false" })
	void knowsTheRoutersOwnAnswer(int status, String body, boolean unrouted) {
		assertThat(answer(status, body).unrouted()).isEqualTo(unrouted);
	}

	@Test
	void printsNothingOfItsBody() {
		assertThat(answer(200, "{\"data\":{\"card_code\":\"123456789012\"}}")).hasToString("Answer[200]");
	}

	private Answer answer(int status, String body) {
		return Answer.read(status, this.headers, body.getBytes(StandardCharsets.UTF_8),
				new JsonMapper().readerFor(JsonNode.class));
	}

}
