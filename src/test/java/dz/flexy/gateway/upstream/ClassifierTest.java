package dz.flexy.gateway.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

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

/** The table of outcomes of a POST that moves money, and what stands around it. */
class ClassifierTest {

	private static final String HTML = "<html><body>edge</body></html>";

	private static final String ROUTER = """
			{"message":"Route POST:/v3/internet/sent not found","error":"Not Found","statusCode":%d}""";

	private final JsonMapper json = new JsonMapper();

	private final Drift drift = new Drift(new SimpleMeterRegistry());

	private final Classifier classifier = new Classifier(new RefusalReader(this.json, this.drift), this.drift);

	@Test
	void acceptedWithAnIdIsASuccess() {
		assertThat(classify(200, """
				{"success":true,"data":{"topupId":"690161a3e9e88196b4eb6545","topupRef":"API-+213-x"},
				"meta":{"timestamp":"2025-10-29T00:36:52.065Z"},"requestId":"req-fpg"}"""))
			.isEqualTo(new Outcome.Success<>(new Receipt("690161a3e9e88196b4eb6545"), "req-fpg"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", HTML, "null", "[]", "{}", "{\"success\":true}", "{\"success\":true,\"data\":{}}",
			"{\"success\":true,\"data\":{\"topupId\":\"\"}}", "{\"success\":true,\"data\":null}",
			"{\"success\":\"yes\",\"data\":{\"topupId\":\"1\"}}" })
	void acceptedWithoutAReadableIdMayHaveActed(String body) {
		assertThat(classify(200, body)).isInstanceOf(Outcome.MayHaveActed.class);
	}

	@ParameterizedTest
	@CsvSource({ "400, ERR_VALIDATION, ERR_VALIDATION", "400, ERR_PHONE, ERR_PHONE", "422, INVALID_PHONE, ERR_PHONE",
			"400, ERR_STOCK, ERR_STOCK", "403, ERR_STOCK, ERR_STOCK", "500, ERR_STOCK, ERR_STOCK",
			"200, ERR_PHONE, ERR_PHONE", "403, INSUFFICIENT_BALANCE, INSUFFICIENT_BALANCE",
			"403, NO_BALANCE, INSUFFICIENT_BALANCE", "403, DUPLICATED_REF, DUPLICATED_REF",
			"403, DUPLICATED-REF, DUPLICATED_REF", "404, NOT_FOUND, NOT_FOUND" })
	void aDocumentedCodeIsARefusalWhateverTheStatus(int status, String code, ErrorCode known) {
		assertThat(refused(status, error(code)).known()).contains(known);
	}

	@Test
	void anUnknownCodeOfTheFourHundredsIsARefusalVerbatim() {
		Refusal refusal = refused(400, error("ERR_Operator-7"));

		assertThat(refusal.known()).isEmpty();
		assertThat(refusal.code()).isEqualTo("ERR_Operator-7");
		assertThat(refusal.status()).isEqualTo(400);
	}

	@ParameterizedTest
	@CsvSource({ "401, MISSING_ACCESS_TOKEN", "400, MISSING_ACCESS_TOKEN", "401, INVALID_ACCESS_TOKEN", "401, ERR_AUTH",
			"403, IP_BLOCKED", "403, IP_NOT_ALLOWED", "403, API_DISABLED", "403, API-DISABLED" })
	void aKeyErrorIsOursAndNothingWasDone(int status, String code) {
		assertThat(classify(status, error(code)))
			.isEqualTo(new Outcome.NotSent<>(Fault.GATEWAY, code, Duration.ofMinutes(15), true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", HTML, "{\"success\":false,\"error\":{\"code\":\"TOKEN_EXPIRED\"}}",
			"{\"message\":\"Unauthorized\",\"error\":\"Unauthorized\",\"statusCode\":401}" })
	void anyUnauthorizedAnswerIsAKeyError(String body) {
		assertThat(classify(401, body))
			.isEqualTo(new Outcome.NotSent<>(Fault.GATEWAY, "INVALID_ACCESS_TOKEN", Duration.ofMinutes(15), true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", HTML, "{\"success\":false,\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\"}}",
			"{\"success\":false,\"error\":{\"code\":\"ANY\"}}" })
	void tooManyRequestsDidNothing(String body) {
		assertThat(classify(429, body))
			.isEqualTo(new Outcome.NotSent<>(Fault.GATEWAY, "limited by the upstream", Duration.ofSeconds(5), true));
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "30, 30", "99999, 99999", "100000, 5", "-1, 5", "soon, 5" })
	void tooManyRequestsSaysWhenToTryAgain(String header, long seconds) {
		assertThat(classify(429, "", header)).isInstanceOfSatisfying(Outcome.NotSent.class,
				(notSent) -> assertThat(notSent.retryAfter()).isEqualTo(Duration.ofSeconds(seconds)));
	}

	@ParameterizedTest
	@CsvSource({ "400, RATE_LIMIT_EXCEEDED", "403, RATE_LIMIT_EXCEEDED", "403, RATE-LIMIT-EXCEEDED" })
	void beingLimitedDidNothingUnderAnotherClientErrorToo(int status, String code) {
		assertThat(classify(status, error(code)))
			.isEqualTo(new Outcome.NotSent<>(Fault.GATEWAY, "limited by the upstream", Duration.ofSeconds(5), true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ERR_VALIDATION", "ERR_PHONE", "ERR_STOCK", "NO_BALANCE", "DUPLICATED-REF" })
	void aCodeThatDecidesDoesSoUnderAnyStatus(String code) {
		assertThat(refused(500, error(code)).known()).isPresent();
	}

	@Test
	void unavailableAuthenticationDidNothing() {
		assertThat(classify(503, error("AUTH_UNAVAILABLE"), "7"))
			.isEqualTo(new Outcome.NotSent<>(Fault.UPSTREAM, "AUTH_UNAVAILABLE", Duration.ofSeconds(7), true));
	}

	@ParameterizedTest
	@CsvSource({ "500, INTERNAL_ERROR", "503, SERVICE_UNAVAILABLE", "500, ERR_SURPRISE", "503, ''", "200, ERR_SURPRISE",
			"302, ERR_SURPRISE", "503, RATE_LIMIT_EXCEEDED", "500, NOT_FOUND" })
	void anEnvelopedServerErrorMayHaveActed(int status, String code) {
		assertThat(classify(status, error(code))).isInstanceOf(Outcome.MayHaveActed.class);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 403, 404, 500, 502, 503, 504, 520, 524, 302, 204 })
	void aProxysPageMayHaveActed(int status) {
		assertThat(classify(status, HTML)).isInstanceOf(Outcome.MayHaveActed.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { HTML, "{\"success\":false,\"error\":{\"code\":\"SERVICE_UNAVAILABLE\"}}" })
	void aServerErrorKeepsWhenToComeAgain(String body) {
		assertThat(retryAfter(classify(503, body, "7"))).contains(Duration.ofSeconds(7));
		assertThat(retryAfter(classify(503, body, "soon"))).isEmpty();
	}

	@Test
	void theRoutersOwnNotFoundIsARefusalOfOurs() {
		Refusal refusal = refused(404, ROUTER.formatted(404));

		assertThat(refusal.is(ErrorCode.UPSTREAM_UNAVAILABLE)).isTrue();
		assertThat(refusal.is(ErrorCode.NOT_FOUND)).isFalse();
	}

	@Test
	void anotherStatusInTheRoutersShapeMayHaveActed() {
		assertThat(classify(500, ROUTER.formatted(500))).isInstanceOf(Outcome.MayHaveActed.class);
	}

	private static Optional<Duration> retryAfter(Outcome<?> outcome) {
		return ((Outcome.MayHaveActed<?>) outcome).retryAfter();
	}

	private Refusal refused(int status, String body) {
		Outcome<Receipt> outcome = classify(status, body);
		assertThat(outcome).isInstanceOf(Outcome.Refused.class);
		return ((Outcome.Refused<Receipt>) outcome).refusal();
	}

	private Outcome<Receipt> classify(int status, String body) {
		return classify(status, body, null);
	}

	private Outcome<Receipt> classify(int status, String body, String retryAfter) {
		HttpHeaders headers = new HttpHeaders();
		if (retryAfter != null) {
			headers.set("Retry-After", retryAfter);
		}
		Answer answer = Answer.read(status, headers, body.getBytes(StandardCharsets.UTF_8),
				this.json.readerFor(JsonNode.class));
		return this.classifier.classify("internet.send", answer, new TopupDecoder(this.drift)::receipt);
	}

	private static String error(String code) {
		return "{\"success\":false,\"error\":{\"code\":\"" + code + "\",\"message\":\"no\"},\"requestId\":\"req-1\"}";
	}

}
