package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

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
import reactor.core.publisher.Flux;
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

		awaitLine((line) -> line.endsWith("order " + id + " of caller shop accepted: internet"));
		awaitLine((line) -> line.endsWith("order " + id + " ACCEPTED -> SENDING"));
		awaitLine((line) -> line.contains("order " + id + " ") && line.endsWith(" -> FULFILLED"));
		assertThat(lines()).noneMatch((line) -> line.contains("036368081") || line.contains("a-ref-of-its-own")
				|| line.contains("nobodys-key") || line.contains(GatewayUnderTest.KEY) || line.contains("sim-key-1"));
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
		JsonNode health = healthOnce((told) -> reason(told).contains("no standby"));

		assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/accounts/status").asString()).isEqualTo("DEGRADED");
		assertThat(health.at("/components/accounts/details/main").asString())
			.isEqualTo("active; sends are stopped by hand");
		assertThat(health.at("/components/upstream/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/r2dbc/status").asString()).isEqualTo("UP");
		assertThat(health.at("/components/commits/status").asString()).isEqualTo("DEGRADED");
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
		awaitLine((line) -> line.startsWith("dz.flexy.gateway.access " + id));
		List<String> found = lines().stream()
			.filter((line) -> line.startsWith("dz.flexy.gateway.access " + id))
			.map((line) -> line.substring("dz.flexy.gateway.access ".length()))
			.toList();
		assertThat(found).hasSize(1);
		return found.getFirst();
	}

	/** What is logged of an answer or a move may be read there before it is logged. */
	private void awaitLine(Predicate<String> match) {
		await(this.log.first((line) -> line.startsWith("dz.flexy") && match.test(line.trim())));
	}

	/** Of the gateway; the rest has its own test. */
	private List<String> lines() {
		return this.log.lines().stream().filter((line) -> line.startsWith("dz.flexy")).map(String::trim).toList();
	}

	/** Some of what it tells is read from the database at a beat. */
	private JsonNode healthOnce(Predicate<JsonNode> condition) {
		return await(Flux.interval(Duration.ZERO, Duration.ofMillis(200))
			.onBackpressureDrop()
			.concatMap((look) -> page(""))
			.map((page) -> JSON.readTree(page.getBody()))
			.filter(condition)
			.next());
	}

	private static String reason(JsonNode health) {
		return health.at("/components/commits/details/reason").asString();
	}

	private JsonNode health(String group, int status) {
		ResponseEntity<String> answer = await(page(group));
		assertThat(answer.getStatusCode().value()).isEqualTo(status);
		return JSON.readTree(answer.getBody());
	}

	private Mono<ResponseEntity<String>> page(String group) {
		return WebClient.create()
			.get()
			.uri(URI.create(this.gateway.managementUri() + "/actuator/health" + group))
			.exchangeToMono((response) -> response.toEntity(String.class));
	}

	private static <T> T await(Mono<T> result) {
		return result.block(PATIENCE);
	}

}
