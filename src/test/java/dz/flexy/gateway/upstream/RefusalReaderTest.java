package dz.flexy.gateway.upstream;

import java.nio.charset.StandardCharsets;

import dz.flexy.gateway.problem.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalReaderTest {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final JsonMapper json = new JsonMapper();

	private final RefusalReader reader = new RefusalReader(this.json, new Drift(this.meters));

	@Test
	void readsTheDocumentedShape() {
		Refusal refusal = read("""
				{"success":false,"error":{"code":"ERR_PHONE","message":"Invalid number",
				"details":{"number":"036","type":"ADSL","reason":"unknown","tries":2}},"requestId":"req_1_ab"}""");

		assertThat(refusal.known()).contains(ErrorCode.ERR_PHONE);
		assertThat(refusal.code()).isEqualTo("ERR_PHONE");
		assertThat(refusal.status()).isEqualTo(403);
		assertThat(refusal.message()).isEqualTo("Invalid number");
		assertThat(refusal.details()).containsEntry("reason", "unknown").containsEntry("tries", 2);
		assertThat(refusal.requestId()).isEqualTo("req_1_ab");
	}

	@ParameterizedTest
	@CsvSource({ "DUPLICATED_REF, DUPLICATED_REF", "DUPLICATED-REF, DUPLICATED_REF", "NO_BALANCE, INSUFFICIENT_BALANCE",
			"INVALID_PHONE, ERR_PHONE" })
	void tellsOneSpellingOfEachCode(String code, String told) {
		Refusal refusal = read("{\"success\":false,\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"}}");

		assertThat(refusal.code()).isEqualTo(told);
		assertThat(refusal.is(ErrorCode.valueOf(told))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "'ERR_PHONE: bad number', ERR_PHONE, bad number",
			"'Error err_stock now', ERR_STOCK, Error err_stock now",
			"'insufficient_balance', INSUFFICIENT_BALANCE, insufficient_balance",
			"'DUPLICATED-REF: used', DUPLICATED_REF, used", "'NO_BALANCE', INSUFFICIENT_BALANCE, NO_BALANCE",
			"'body ERR_VALIDATION', ERR_VALIDATION, body ERR_VALIDATION" })
	void findsACodeThatStandsOnlyInTheText(String message, String code, String text) {
		Refusal refusal = read("{\"success\":false,\"error\":{\"message\":\"" + message + "\"}}");

		assertThat(refusal.code()).isEqualTo(code);
		assertThat(refusal.known()).isPresent();
		assertThat(refusal.message()).isEqualTo(text);
	}

	@Test
	void theCodeFieldWinsOverTheText() {
		assertThat(
				read("{\"success\":false,\"error\":{\"code\":\"ERR_OPERATOR\",\"message\":\"not ERR_PHONE\"}}").code())
			.isEqualTo("ERR_OPERATOR");
	}

	@Test
	void readsATopLevelMessage() {
		Refusal refusal = read("{\"success\":false,\"message\":\"ERR_STOCK: sold out\"}");

		assertThat(refusal.is(ErrorCode.ERR_STOCK)).isTrue();
		assertThat(refusal.message()).isEqualTo("sold out");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"success\":false}", "{\"success\":false,\"error\":null}",
			"{\"success\":false,\"error\":\"broken\"}",
			"{\"success\":false,\"error\":{\"code\":null,\"details\":[1]}}" })
	void isUnknownWhereNothingIsSaid(String body) {
		Refusal refusal = read(body);

		assertThat(refusal.known()).isEmpty();
		assertThat(refusal.code()).isEqualTo("UNKNOWN");
		assertThat(refusal.details()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "ERR_SURPRISE, 1", "ERR_PHONE, 0", "INTERNAL_ERROR, 0", "SERVICE_UNAVAILABLE, 0",
			"INVALID_ACCESS_TOKEN, 0" })
	void countsCodesBeyondTheDocuments(String code, double drifts) {
		read("{\"success\":false,\"error\":{\"code\":\"" + code + "\"}}");

		assertThat(this.meters.counter("gateway.upstream.drift", "kind", "code").count()).isEqualTo(drifts);
	}

	@Test
	void isToldToCallersInTheUpstreamsWords() {
		Refusal refusal = read("""
				{"success":false,"error":{"code":"ERR_OWN","message":"no","details":{"field":"number"}},
				"meta":{"requestId":"req-meta"}}""");

		assertThat(refusal.asProblem().code()).isEqualTo("ERR_OWN");
		assertThat(refusal.asProblem().status()).isEqualTo(403);
		assertThat(refusal.asProblem().message()).isEqualTo("no");
		assertThat(refusal.asProblem().details()).containsEntry("field", "number")
			.containsEntry("upstreamRequestId", "req-meta");
	}

	private Refusal read(String body) {
		return this.reader.read(Answer.read(403, new HttpHeaders(), body.getBytes(StandardCharsets.UTF_8),
				this.json.readerFor(JsonNode.class)));
	}

}
