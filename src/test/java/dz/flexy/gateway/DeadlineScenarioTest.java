package dz.flexy.gateway;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;

/** Orders that were accepted and can't be sent while the upstream is out of reach. */
@TestInstance(Lifecycle.PER_CLASS)
class DeadlineScenarioTest {

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.dispatch.send-wait", "300ms",
				"gateway.dispatch.send-deadline", "3s", "gateway.callers.other.send-deadline", "1h"));
		assertThat(bought("before")).isTrue();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@AfterEach
	void mend() {
		this.gateway.upstream().refuseConnections(false);
	}

	@Test
	void neverBuysWhatCouldNotBeBegunInTime() {
		this.gateway.upstream().refuseConnections(true);
		Answer answer = this.gateway
			.send(Map.of("type", "ADSL", "number", "036364001", "value", 1000), Map.of("Prefer", "respond-async"))
			.block(GatewayUnderTest.patience());
		assertThat(answer.status()).isEqualTo(202);

		JsonNode end = this.gateway.end(answer.topupId()).block(GatewayUnderTest.patience());
		this.gateway.upstream().refuseConnections(false);

		assertThat(end.path("state").asString()).isEqualTo("REJECTED");
		assertThat(end.path("code").asString()).isEqualTo("NOT_SENT_IN_TIME");
		assertNeverBought(GatewayUnderTest.KEY, answer, "036364001", "NOT_CHARGED: NOT_SENT_IN_TIME");
	}

	@Test
	void neverBuysWhatWasCancelled() {
		this.gateway.upstream().refuseConnections(true);
		Answer answer = acceptedOfThePatient(Map.of("type", "ADSL", "number", "036364002", "value", 1000));

		Answer cancelled = cancel(answer);
		Answer again = cancel(answer);
		this.gateway.upstream().refuseConnections(false);

		assertThat(cancelled.status()).isEqualTo(200);
		assertThat(cancelled.data().path("state").asString()).isEqualTo("REJECTED");
		assertThat(again.status()).isEqualTo(200);
		assertNeverBought(GatewayUnderTest.OTHER_KEY, answer, "036364002", "NOT_CHARGED: CANCELLED");
	}

	private void assertNeverBought(String key, Answer answer, String number, String message) {
		assertThat(bought("after-" + number)).isTrue();
		assertThat(this.gateway.upstream().account("sim-key-1").orders())
			.noneMatch((order) -> order.number().equals(number));
		JsonNode seen = this.gateway.client(key)
			.get()
			.uri("/v3/internet/check-id/{id}", answer.topupId())
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience())
			.data();
		assertThat(seen.path("status").asString()).isEqualTo("REFUNDED");
		assertThat(seen.path("refund_message").asString()).startsWith(message);
	}

	/** The upstream sells again; it may take the breaker some tries to see it. */
	private boolean bought(String ref) {
		return Mono.defer(() -> this.gateway.send("036364080", ref + "-" + System.nanoTime()))
			.filter((answer) -> answer.status() == 200)
			.flatMap((answer) -> this.gateway.end(answer.topupId()))
			.filter((end) -> end.path("status").asString().equals("FULFILLED"))
			.repeatWhenEmpty(100, (tries) -> tries.delayElements(Duration.ofMillis(200)))
			.hasElement()
			.block(GatewayUnderTest.patience());
	}

	/** His orders wait for an hour. */
	private Answer acceptedOfThePatient(Map<String, Object> body) {
		return this.gateway.client(GatewayUnderTest.OTHER_KEY)
			.post()
			.uri("/v3/internet/send")
			.contentType(MediaType.APPLICATION_JSON)
			.header("Prefer", "respond-async")
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience());
	}

	private Answer cancel(Answer answer) {
		return this.gateway
			.exchange(HttpMethod.POST, "/orders/" + answer.topupId() + "/cancel",
					Map.of("X-Access-Token", GatewayUnderTest.OTHER_KEY), new byte[0])
			.block(GatewayUnderTest.patience());
	}

}
