package dz.flexy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.ErrorCode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The document itself, and what the watch over answers would notice. */
class PublishedContractTest {

	private static final String ID = "6b02575bd3c6706d76d74e89";

	private static final String BALANCE = "/v3/account/balance";

	private static final String META = "\"meta\":{\"timestamp\":\"2026-11-22T02:45:47.789Z\"},"
			+ "\"requestId\":\"req_1795315547_9362f0694556\"}";

	private static final String GOOD = "{\"success\":true,\"data\":{\"balance\":1326.13}," + META;

	private final PublishedContract contract = new PublishedContract(PublishedContract.read());

	private final JsonNode document = this.contract.document();

	@Test
	void takesWhatIsWrittenDown() {
		check(BALANCE, 200, GOOD);
		check(BALANCE + "?unknown=1", 503, refusal("STORE_UNAVAILABLE", "\"retrySafe\":true"));

		this.contract.assertKept();
	}

	@TestFactory
	Stream<DynamicTest> noticesWhatIsNot() {
		return Map
			.<String, Runnable>of("a field beside data",
					() -> check(BALANCE, 200, GOOD.replace("\"meta\"", "\"more\":1,\"meta\"")), "a field in data",
					() -> check(BALANCE, 200, GOOD.replace("1326.13", "1326.13,\"currency\":\"DZD\"")),
					"a field of another type", () -> check(BALANCE, 200, GOOD.replace("1326.13", "\"1326.13\"")),
					"a missing field", () -> check(BALANCE, 200, GOOD.replace("\"balance\":1326.13", "")), "a status",
					() -> check("/v3/validate", 409, refusal("CANCELLED", "\"retrySafe\":true")),
					"a code at another status", () -> check(BALANCE, 403, refusal("NOT_FOUND", "\"retrySafe\":true")),
					"a detail", () -> check(BALANCE, 403, refusal("INSUFFICIENT_SCOPE", "\"scope\":1")), "a path",
					() -> check("/v3/account/holders", 200, GOOD), "a code that is said to move no money",
					() -> check(BALANCE, 403, refusal("INSUFFICIENT_SCOPE", "\"moneyMayHaveMoved\":true")),
					"a code that is said to be safe",
					() -> check(BALANCE, 403, refusal("INSUFFICIENT_SCOPE", "\"retrySafe\":false")))
			.entrySet()
			.stream()
			.map((fault) -> DynamicTest.dynamicTest(fault.getKey(), () -> assertNoticed(fault.getValue())));
	}

	@Test
	void noticesAMissingHeader() {
		HttpHeaders headers = headers(200);
		headers.remove("X-RateLimit-Reset");

		assertNoticed(() -> this.contract.check(HttpMethod.GET, BALANCE, 200, headers, bytes(GOOD)));
	}

	@Test
	void noticesAnEventThatTellsTheCard() {
		JsonNode event = this.document.at("/paths/~1orders~1{id}~1events/get/responses/200/content/text~1event-stream")
			.at("/examples/events/value");
		String data = event.asString().lines().filter((line) -> line.startsWith("data: ")).findFirst().orElseThrow();
		String path = "/orders/" + ID + "/events";

		this.contract.check(path, event("status", data.substring(6)));

		assertNoticed(() -> this.contract.check(path,
				event("status", data.substring(6).replace("\"value\"", "\"card_code\":\"1\",\"value\""))));
		assertNoticed(() -> this.contract.check(path, event("state", data.substring(6))));
	}

	@Test
	void keepsWhatNobodyListenedTo() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> check(BALANCE, 200, "{}"));

		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.contract::assertKept)
			.withMessageContaining(BALANCE);
		this.contract.assertKept();
	}

	@Test
	void failsTheClientThatIsAnsweredOtherwise() {
		assertThat(asked(GOOD)).isEqualTo(GOOD);
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> asked(GOOD.replace("1326.13", "1326.13,\"currency\":\"DZD\"")))
			.withCauseInstanceOf(AssertionError.class)
			.withMessageContaining("currency");
	}

	private String asked(String answer) {
		return WebClient.builder()
			.exchangeFunction((request) -> Mono.just(ClientResponse.create(HttpStatus.OK)
				.headers((headers) -> headers.addAll(headers(200)))
				.body(answer)
				.build()))
			.filter(new ContractFilter(this.contract))
			.build()
			.get()
			.uri("http://gateway.invalid" + BALANCE)
			.exchangeToMono((response) -> response.bodyToMono(String.class))
			.block();
	}

	@TestFactory
	Stream<DynamicTest> eachExampleFitsItsSchema() {
		return bodies().entrySet()
			.stream()
			.flatMap((body) -> body.getValue()
				.path("examples")
				.propertyStream()
				.map((example) -> DynamicTest.dynamicTest(body.getKey() + " " + example.getKey(),
						() -> assertThat(
								this.contract.faults(body.getKey() + "/schema", example.getValue().path("value")))
							.isEmpty())));
	}

	@Test
	void hasAnExampleOfEachCodeAndNoCodeBesides() {
		// Operators have a port and a page of their own.
		Set<String> codes = Arrays.stream(ErrorCode.values())
			.filter((code) -> code != ErrorCode.MOVE_REFUSED)
			.map(Enum::name)
			.collect(Collectors.toSet());
		Set<String> shown = bodies().values()
			.stream()
			.flatMap((body) -> body.path("examples").propertyStream())
			.map((example) -> example.getValue().at("/value/error/code").asString(""))
			.collect(Collectors.toSet());

		assertThat(this.document.at("/components/schemas/ErrorCode/enum").valueStream().map(JsonNode::asString))
			.containsExactlyInAnyOrderElementsOf(codes);
		assertThat(shown).containsAll(codes);
		assertThat(responses().flatMap((response) -> response.findValues("code").stream())
			.flatMap((code) -> code.path("enum").valueStream())
			.map(JsonNode::asString)).isSubsetOf(codes).containsAll(codes);
	}

	/** A code with a status of its own stands under that status. */
	@Test
	void showsEachCodeUnderItsStatus() {
		this.document.path("paths")
			.forEach(
					(path) -> path.forEach((operation) -> operation.path("responses")
						.properties()
						.stream()
						.filter((response) -> response.getKey().matches("\\d+") && response.getValue().has("$ref"))
						.forEach((response) -> this.document.at(pointer(response.getValue()))
							.findValues("code")
							.stream()
							.flatMap((code) -> code.path("enum").valueStream())
							.forEach((code) -> assertThat(ErrorCode.valueOf(code.asString()).status())
								.as(code.asString())
								.isEqualTo(Integer.parseInt(response.getKey()))))));
	}

	@Test
	void refersOnlyToWhatIsThere() {
		assertThat(this.document.findValues("$ref")).isNotEmpty()
			.allSatisfy((reference) -> assertThat(
					this.document.at(JsonPointer.compile(reference.asString().substring(1))).isMissingNode())
				.as(reference.asString())
				.isFalse());
		assertThat(this.document.at("/components").propertyStream().flatMap((kind) -> unused(kind)))
			.as("components that nothing refers to")
			.isEmpty();
	}

	@Test
	void namesEachOperationOnceAndEachVariable() {
		Set<String> names = new LinkedHashSet<>();
		this.document.path("paths").properties().forEach((path) -> path.getValue().forEach((operation) -> {
			assertThat(names.add(operation.path("operationId").asString())).as(path.getKey()).isTrue();
			assertThat(operation.path("parameters")
				.valueStream()
				.map((parameter) -> parameter.has("$ref") ? this.document.at(pointer(parameter)) : parameter)
				.filter((parameter) -> parameter.path("in").asString().equals("path"))
				.map((parameter) -> "{" + parameter.path("name").asString() + "}")).as(path.getKey())
				.containsExactlyElementsOf(
						Arrays.stream(path.getKey().split("/")).filter((segment) -> segment.startsWith("{")).toList());
		}));
	}

	private Stream<String> unused(Map.Entry<String, JsonNode> kind) {
		Set<String> used = this.document.findValues("$ref")
			.stream()
			.map(JsonNode::asString)
			.collect(Collectors.toSet());
		return kind.getKey().equals("securitySchemes") ? Stream.empty()
				: kind.getValue()
					.propertyNames()
					.stream()
					.map((name) -> "#/components/" + kind.getKey() + "/" + name)
					.filter((pointer) -> !used.contains(pointer));
	}

	private Stream<JsonNode> responses() {
		return this.document.at("/components/responses").valueStream();
	}

	/** Each JSON body of the document by its place. */
	private Map<String, JsonNode> bodies() {
		Map<String, JsonNode> bodies = new LinkedHashMap<>();
		this.document.path("paths").properties().forEach((path) -> path.getValue().properties().forEach((operation) -> {
			String place = "/paths/" + PublishedContract.escaped(path.getKey()) + "/" + operation.getKey();
			collect(bodies, place + "/requestBody", operation.getValue().path("requestBody"));
			operation.getValue()
				.path("responses")
				.properties()
				.forEach((response) -> collect(bodies, place + "/responses/" + response.getKey(), response.getValue()));
		}));
		this.document.at("/components/responses")
			.properties()
			.forEach((response) -> collect(bodies, "/components/responses/" + response.getKey(), response.getValue()));
		return bodies;
	}

	private static void collect(Map<String, JsonNode> bodies, String place, JsonNode message) {
		JsonNode body = message.path("content").path(MediaType.APPLICATION_JSON_VALUE);
		if (body.isObject()) {
			bodies.put(place + "/content/application~1json", body);
		}
	}

	private static String pointer(JsonNode reference) {
		return reference.path("$ref").asString("#").substring(1);
	}

	private void check(String path, int status, String body) {
		this.contract.check(HttpMethod.GET, path, status, headers(status), bytes(body));
	}

	private static void assertNoticed(Runnable check) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(check::run)
			.withMessageContaining("openapi.yaml does not know");
	}

	private static ServerSentEvent<String> event(String name, String data) {
		return ServerSentEvent.<String>builder().event(name).data(data).build();
	}

	private static String refusal(String code, String details) {
		return "{\"success\":false,\"error\":{\"code\":\"%1$s\",\"message\":\"%1$s: no\",\"details\":{%2$s}},%3$s"
			.formatted(code, details, META.substring(META.indexOf("\"requestId\"")));
	}

	private static HttpHeaders headers(int status) {
		HttpHeaders headers = new HttpHeaders();
		headers.setContentType(MediaType.APPLICATION_JSON);
		headers.set("X-Request-ID", "req_1795315547_9362f0694556");
		List.of("Limit", "Remaining", "Reset").forEach((name) -> headers.set("X-RateLimit-" + name, "10"));
		if (status == 503) {
			headers.set("Retry-After", "5");
		}
		return headers;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
