package dz.flexy.gateway.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.IdempotencyKey;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SendRequestTest {

	private static final Caller CALLER = new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), 100,
			Duration.ofSeconds(60), Optional.empty());

	/** SHA-256 of {@code {}}. */
	private static final String EMPTY = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

	@Test
	void aPlainSendWaitsForItsAnswer() {
		SendRequest send = read("{\"type\":\"ADSL\"}");

		assertThat(send.body().path("type").asString()).isEqualTo("ADSL");
		assertThat(send.asynchronous()).isFalse();
		assertThat(send.idempotency()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "\"text\"", "1", "type=ADSL" })
	void refusesABodyThatIsNoObject(String body) {
		assertRefused(() -> read(body), "body");
	}

	@ParameterizedTest
	@ValueSource(strings = { "respond-async", "Respond-Async", "respond-async, wait=10", "wait=10,respond-async",
			"return=minimal; respond-async" })
	void respondAsyncIsHonoured(String prefer) {
		assertThat(read("{}", "Prefer", prefer).asynchronous()).isTrue();
	}

	@Test
	void respondAsyncIsHonouredInAnyOfSeveralHeaders() {
		assertThat(read("{}", "Prefer", "wait=10", "respond-async").asynchronous()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "wait=10", "respond-asynchronously", "return=respond-async" })
	void otherPreferencesAreIgnored(String prefer) {
		assertThat(read("{}", "Prefer", prefer).asynchronous()).isFalse();
	}

	@Test
	void aKeyStandsForCallerRouteAndBody() {
		assertThat(read("{}", "Idempotency-Key", "k-1").idempotency())
			.contains(new IdempotencyKey(CALLER.id(), "/v3/internet/send", "k-1", EMPTY));
	}

	@Test
	void anotherBodyHasAnotherDigest() {
		assertThat(read("{ }", "Idempotency-Key", "k-1").idempotency().orElseThrow().digest()).hasSize(64)
			.isNotEqualTo(EMPTY);
	}

	@Test
	void aKeyHas255CharactersAtMost() {
		assertThat(read("{}", "Idempotency-Key", "k".repeat(255)).idempotency()).isPresent();
		assertRefused(() -> read("{}", "Idempotency-Key", "k".repeat(256)), "Idempotency-Key");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "two words", "clé", "tab\tin", "del\u007f" })
	void refusesAKeyThatIsNotPrintableAscii(String key) {
		assertRefused(() -> read("{}", "Idempotency-Key", key), "Idempotency-Key");
	}

	@Test
	void refusesTwoKeys() {
		assertRefused(() -> read("{}", "Idempotency-Key", "k-1", "k-2"), "Idempotency-Key");
	}

	private static SendRequest read(String body) {
		return read(body, "X-None");
	}

	private static SendRequest read(String body, String header, String... values) {
		MockServerHttpRequest request = MockServerHttpRequest.post("/v3/internet/send").header(header, values).build();
		return SendRequest.read(ServerRequest.create(MockServerWebExchange.from(request), List.of()), CALLER,
				body.getBytes(StandardCharsets.UTF_8), JsonMapper.shared());
	}

	private static void assertRefused(Runnable read, String field) {
		assertThatExceptionOfType(Problem.class).isThrownBy(read::run).satisfies((problem) -> {
			assertThat(problem.status()).isEqualTo(400);
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.details()).containsEntry("field", field).containsEntry("retrySafe", true);
		});
	}

}
