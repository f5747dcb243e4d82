package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SimulatorFaultTest {

	private static final String SLOW = "036362689";

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@ParameterizedTest
	@MethodSource("hangs")
	void clientWaitsInVain(Fault fault, Class<? extends IOException> failure, int committed) {
		on(fault);
		SimulatorClient impatient = this.client.patient(Duration.ofMillis(600));

		assertThatThrownBy(() -> impatient.send(SLOW, "order-1")).isInstanceOf(failure);
		assertThat(orders()).hasSize(committed);
	}

	static Stream<Arguments> hangs() {
		return Stream.of(silent(Fault.hangBeforeCommit(), HttpTimeoutException.class, 0),
				silent(Fault.hangAfterCommit(), HttpTimeoutException.class, 1),
				silent(Fault.delayed(Duration.ofHours(1)), HttpTimeoutException.class, 1));
	}

	@ParameterizedTest
	@MethodSource("silences")
	void clientGetsNothing(Fault fault, Class<? extends IOException> failure, int committed) {
		on(fault);

		assertThatThrownBy(() -> this.client.send(SLOW, "order-1")).isInstanceOf(failure);
		assertThat(orders()).hasSize(committed);
		assertThat(this.simulator.requests().sends()).singleElement().returns(0, ReceivedRequest::status);
	}

	static Stream<Arguments> silences() {
		return Stream.of(silent(Fault.answerLost(), IOException.class, 1),
				silent(Fault.cutBeforeCommit(), IOException.class, 0),
				silent(Fault.resetBeforeCommit(), IOException.class, 0),
				silent(Fault.resetAfterCommit(), IOException.class, 1));
	}

	@Test
	void resetIsNotAnOrderlyClose() {
		on(Fault.resetAfterCommit());
		assertThatThrownBy(() -> this.client.send(SLOW, "order-1")).hasStackTraceContaining("reset");

		on(Fault.answerLost());
		assertThatThrownBy(() -> this.client.send(SLOW, "order-2")).hasStackTraceContaining("no bytes");
	}

	@ParameterizedTest
	@MethodSource("errors")
	void clientGetsAnError(Fault fault, int status, String code, int committed) throws IOException {
		on(fault);

		SimulatorClient.Response response = this.client.send(SLOW, "order-1");

		assertThat(response.status()).isEqualTo(status);
		assertThat(response.code()).isEqualTo(code);
		assertThat(response.header("X-RateLimit-Limit")).isEqualTo("120");
		assertThat(orders()).hasSize(committed);
	}

	static Stream<Arguments> errors() {
		return Stream.of(error(Fault.errorBeforeCommit(), 500, "INTERNAL_ERROR", 0),
				error(Fault.errorAfterCommit(), 500, "INTERNAL_ERROR", 1),
				error(Fault.unavailableBeforeCommit(), 503, "SERVICE_UNAVAILABLE", 0),
				error(Fault.unavailableAfterCommit(), 503, "SERVICE_UNAVAILABLE", 1),
				error(Fault.authUnavailable(), 503, "AUTH_UNAVAILABLE", 0),
				error(Fault.duplicatedRef(), 403, "DUPLICATED_REF", 0),
				error(Fault.refused(422, "NEW_CODE"), 422, "NEW_CODE", 0),
				error(Fault.htmlBeforeCommit(502), 502, "", 0), error(Fault.htmlAfterCommit(524), 524, "", 1),
				error(Fault.truncatedJson(), 200, "", 1));
	}

	@Test
	void retryAfterIsSent() throws IOException {
		on(Fault.authUnavailable());
		assertThat(this.client.send(SLOW, "order-1").header("Retry-After")).isEqualTo("5");

		on(Fault.limited(Duration.ofSeconds(300)));
		SimulatorClient.Response limited = this.client.send(SLOW, "order-1");
		assertThat(limited.status()).isEqualTo(429);
		assertThat(limited.header("Retry-After")).isEqualTo("300");
		assertThat(limited.header("X-RateLimit-Remaining")).isEqualTo("0");
		assertThat(limited.header("X-RateLimit-Reset"))
			.isEqualTo(Long.toString(this.clock.instant().getEpochSecond() + 300));
		assertThat(orders()).isEmpty();
	}

	@Test
	void edgeAnswersHtml() throws IOException {
		on(Fault.htmlBeforeCommit(403));

		SimulatorClient.Response response = this.client.send(SLOW, "order-1");

		assertThat(response.header("Content-Type")).startsWith("text/html");
		assertThat(response.raw().body()).startsWith("<html>");
	}

	@Test
	void acceptedOrderStaysHidden() throws IOException {
		on(Fault.hiddenFor(Duration.ofSeconds(90)));
		assertThatThrownBy(() -> this.client.send(SLOW, "order-1")).isInstanceOf(IOException.class);

		this.clock.advance(Duration.ofSeconds(89));
		assertThat(this.client.get("/v3/internet/check-ref/order-1").status()).isEqualTo(404);
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(this.client.status("order-1")).isEqualTo("HANDLING");
		assertThat(orders()).hasSize(1);
	}

	@Test
	void bodyIsCutShort() {
		on(Fault.bodyCutShort());

		assertThatThrownBy(() -> this.client.send(SLOW, "order-1")).isInstanceOf(IOException.class)
			.isNotInstanceOf(HttpTimeoutException.class);
		assertThat(orders()).hasSize(1);
	}

	@Test
	void slowBodyArrivesWhole() throws IOException {
		on(Fault.slowBody(Duration.ofMillis(1)));

		assertThat(this.client.send(SLOW, "order-1").data().path("topupId").asString()).hasSize(24);
	}

	@Test
	void delayedAnswerArrivesNotBeforeItsTime() throws IOException {
		on(Fault.delayed(Duration.ofMillis(50)));
		long sent = System.nanoTime();
		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
	}

	@Test
	void rateHeadersLie() throws IOException {
		on(Fault.rateHeadersMissing());
		assertThat(this.client.send(SLOW, "1").raw().headers().map()).doesNotContainKey("x-ratelimit-limit");
		on(Fault.rateHeadersMalformed());
		assertThat(this.client.send(SLOW, "2").header("X-RateLimit-Reset")).isEqualTo("soon");
		on(Fault.rateHeadersAbsurd());
		assertThat(this.client.send(SLOW, "3").header("X-RateLimit-Remaining")).isEqualTo("-5");
		on(Fault.nothingRemaining());
		SimulatorClient.Response last = this.client.send(SLOW, "4");
		assertThat(last.status()).isEqualTo(200);
		assertThat(last.header("X-RateLimit-Remaining")).isEqualTo("0");
		assertThat(orders()).hasSize(4);
	}

	@Test
	void ruleHitsAsOftenAsTold() throws IOException {
		FaultRule rule = on(Fault.errorBeforeCommit()).times(2);

		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(500);
		assertThat(this.client.get("/v3/account/balance").status()).isEqualTo(200);
		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(500);
		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(200);
		assertThat(rule.hits()).isEqualTo(2);
	}

	@Test
	void ruleHitsUntilCleared() throws IOException {
		on(Fault.errorBeforeCommit()).always();
		for (int call = 0; call < 5; call++) {
			assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(500);
		}

		this.simulator.faults().clear();

		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(200);
	}

	@Test
	void probabilityRepeatsWithItsSeed() throws IOException {
		String first = pattern(7);
		String again = pattern(7);

		assertThat(first).isEqualTo(again).contains("200").contains("500");
	}

	@Test
	void ruleHitsOnlyWhatItMatches() throws IOException {
		Predicate<ReceivedRequest> match = RequestMatch.onRef("order-2").and(RequestMatch.onNumber(SLOW));
		this.simulator.faults().next(Fault.errorBeforeCommit(), match);
		this.simulator.faults().next(Fault.htmlBeforeCommit(502), RequestMatch.onRoute("/v3/internet/check-ref/{ref}"));
		this.simulator.faults().next(Fault.htmlBeforeCommit(503), RequestMatch.onWord("list"));

		assertThat(this.client.send(SLOW, "order-1").status()).isEqualTo(200);
		assertThat(this.client.send(SLOW, "order-2").status()).isEqualTo(500);
		assertThat(this.client.get("/v3/internet/check-ref/order-1").status()).isEqualTo(502);
		assertThat(this.client.get("/v3/mobile/list").status()).isEqualTo(503);
	}

	@Test
	void refusedConnectionsLeaveTheBookAlone() throws IOException {
		this.client.send(SLOW, "order-1");
		int port = this.simulator.port();

		this.simulator.refuseConnections(true);
		assertThatThrownBy(() -> this.client.send(SLOW, "order-2")).isInstanceOf(ConnectException.class);
		this.simulator.refuseConnections(false);

		assertThat(this.simulator.port()).isEqualTo(port);
		assertThat(this.client.send(SLOW, "order-2").status()).isEqualTo(200);
		assertThat(orders()).hasSize(2);
	}

	@Test
	void requestsAreLoggedAsReceived() throws IOException {
		this.client.send(SLOW, "order-1");
		this.client.get("/v3/internet/check-ref/API-%2B213665983439-order-1");
		this.client.get("/v3/internet/list?page=1");
		this.client.as("").get("/v3/nowhere");

		RequestLog log = this.simulator.requests();
		assertThat(log.sends()).singleElement()
			.returns("order-1", ReceivedRequest::ref)
			.returns(SLOW, ReceivedRequest::number)
			.returns(SimulatorClient.KEY, ReceivedRequest::key)
			.returns(200, ReceivedRequest::status);
		assertThat(log.lookups()).hasSize(2).first().returns("API-+213665983439-order-1", ReceivedRequest::ref);
		assertThat(log.perRoute()).containsEntry("GET unknown", 1).containsEntry("POST /v3/internet/send", 1);
		log.clear();
		assertThat(log.all()).isEmpty();
	}

	@Test
	void logTellsOfRequestsToCome() throws IOException {
		StepVerifier waiting = StepVerifier
			.create(this.simulator.requests().first(RequestMatch.onRef("order-2")).map(ReceivedRequest::status))
			.expectNext(200)
			.expectComplete()
			.verifyLater();

		this.client.send(SLOW, "order-1");
		this.client.send(SLOW, "order-2");

		waiting.verify(Duration.ofSeconds(5));
		StepVerifier.create(this.simulator.requests().first(RequestMatch.onRef("order-1")))
			.expectNextCount(1)
			.expectComplete()
			.verify(Duration.ofSeconds(5));
	}

	private FaultRule on(Fault fault) {
		return this.simulator.faults().next(fault, RequestMatch.onSend());
	}

	private String pattern(long seed) throws IOException {
		this.simulator.faults().clear();
		this.simulator.faults()
			.next(Fault.errorBeforeCommit(), RequestMatch.onWord("balance"))
			.withProbability(0.5, seed);
		StringBuilder pattern = new StringBuilder();
		for (int call = 0; call < 20; call++) {
			pattern.append(this.client.get("/v3/account/balance").status()).append(' ');
		}
		return pattern.toString();
	}

	private List<SimulatedOrder> orders() {
		return this.simulator.account(SimulatorClient.KEY).orders();
	}

	private static Arguments silent(Fault fault, Class<? extends IOException> failure, int committed) {
		return arguments(Named.of(fault.name(), fault), failure, committed);
	}

	private static Arguments error(Fault fault, int status, String code, int committed) {
		return arguments(Named.of(fault.name(), fault), status, code, committed);
	}

}
