package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.SendStops;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.OpenTelemetry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees of a gateway: its health, and what it logs of requests. */
@Isolated("reads the log of the whole process")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class WatchedScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private static final AccountId MAIN = new AccountId("main");

	private static final JsonMapper JSON = new JsonMapper();

	private GatewayUnderTest gateway;

	private CapturedLog log;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
		this.log = new CapturedLog();
	}

	@AfterAll
	void close() {
		this.log.close();
		this.gateway.close();
	}

	@Test
	@Order(1)
	void eachRequestHasOneLineThatSaysWhoAskedForWhatAndHowItEnded() {
		Answer balance = await(this.gateway.get("/v3/account/balance"));
		Answer again = await(this.gateway.get("/v3/account/balance"));
		Answer nobodys = await(this.gateway.exchange(HttpMethod.GET, "/v3/validate",
				Map.of("X-Access-Token", "nobodys-key"), new byte[0]));

		assertThat(access(balance))
			.matches("\\S+ GET /v3/account/balance 200 ms=\\d+ caller=shop upstreamRequest=[^- ]\\S*");
		assertThat(access(again)).endsWith("caller=shop upstreamRequest=-");
		assertThat(access(nobodys)).matches("\\S+ GET \\S+ 401 ms=\\d+ caller=- upstreamRequest=-");
	}

	@Test
	@Order(2)
	void eachChangeOfAnOrderHasALineAndNoneHasItsNumberOrAKey() {
		Answer sent = await(this.gateway.send("036368081", "a-ref-of-its-own"));
		String id = sent.topupId();
		await(this.gateway.end(id));

		assertThat(lines()).anyMatch((line) -> line.endsWith("order " + id + " of caller shop accepted: internet"))
			.anyMatch((line) -> line.endsWith("order " + id + " ACCEPTED -> SENDING"))
			.anyMatch((line) -> line.contains("order " + id + " ") && line.endsWith(" -> FULFILLED"))
			.noneMatch((line) -> line.contains("036368081") || line.contains("a-ref-of-its-own")
					|| line.contains("nobodys-key") || line.contains(GatewayUnderTest.KEY)
					|| line.contains("sim-key-1"));
	}

	/** Nobody pays for spans that nobody wants. */
	@Test
	@Order(3)
	void withoutAnEndpointNothingTraces() {
		assertThat(this.gateway.beans(Tracer.class)).isEmpty();
		assertThat(this.gateway.beans(OpenTelemetry.class)).isEmpty();
	}

	@Test
	@Order(3)
	void healthTellsWhatConcernsAllReplicasAndTakesNoneOutOfService() {
		await(this.gateway.bean(SendStops.class).stop(MAIN, "boss", "req_1", "a test"));
		JsonNode health = health("", 200);

		assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/accounts/status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/accounts/details/main").asString())
			.isEqualTo("active; sends are stopped by hand");
		assertThat(health.at("/components/upstream/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/r2dbc/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/commits/status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/commits/details/reason").asString()).contains("no standby");
		assertThat(health("/readiness", 200).path("status").asString()).isEqualTo("UP");
		assertThat(health("/liveness", 200).path("status").asString()).isEqualTo("UP");

		await(this.gateway.bean(SendStops.class).resume(MAIN, "boss", "req_2", "a test"));
		assertThat(health("", 200).at("/components/accounts/status").asString()).isEqualTo("UP");
	}

	@Test
	@Order(4)
	void aStoppedKeyIsToldToo() {
		Accounts accounts = this.gateway.bean(Accounts.class);
		accounts.stop(accounts.get(MAIN), "KEY_INVALID").block(PATIENCE);

		JsonNode health = health("", 200);
		assertThat(health.at("/components/accounts/status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/accounts/details/main").asString()).startsWith("stopped until ")
			.endsWith(": KEY_INVALID");
		assertThat(health("/readiness", 200).path("status").asString()).isEqualTo("UP");
	}

	private String access(Answer answer) {
		String id = Objects.requireNonNull(answer.headers().getFirst("X-Request-ID"));
		List<String> found = lines().stream()
			.filter((line) -> line.startsWith("dz.flexy.gateway.access " + id))
			.map((line) -> line.substring("dz.flexy.gateway.access ".length()))
			.toList();
		assertThat(found).hasSize(1);
		return found.getFirst();
	}

	/** Of the gateway; the rest has its own test. */
	private List<String> lines() {
		return this.log.lines().stream().filter((line) -> line.startsWith("dz.flexy")).map(String::trim).toList();
	}

	private JsonNode health(String group, int status) {
		ResponseEntity<String> answer = await(WebClient.create()
			.get()
			.uri(URI.create(this.gateway.managementUri() + "/actuator/health" + group))
			.exchangeToMono((response) -> response.toEntity(String.class)));
		assertThat(answer.getStatusCode().value()).isEqualTo(status);
		return JSON.readTree(answer.getBody());
	}

	private static <T> T await(Mono<T> result) {
		return result.block(PATIENCE);
	}

}
