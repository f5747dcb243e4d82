package dz.flexy.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/** One trace leads from a caller to the upstream; what is secret is in none. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class TracingScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private static final String SEND = "0af7651916cd43dd8448eb211c80319c";

	private static final String QUEUED = "2cf7651916cd43dd8448eb211c80319c";

	private static final String READ = "1bf7651916cd43dd8448eb211c80319c";

	private static final String CALLERS_SPAN = "b7ad6b7169203331";

	private final StubUpstream collector = new StubUpstream();

	private final StubUpstream upstream = new StubUpstream();

	private GatewayUnderTest gateway;

	private String orderId;

	private String code;

	@BeforeAll
	void work() {
		this.collector.text("/v1/traces", 200, "application/x-protobuf", "");
		this.gateway = GatewayUnderTest.start(traced());
		Answer sent = await(this.gateway.send(
				Map.of("type", "ADSL", "number", "036368081", "value", 1000, "ref", "a-ref-of-its-own"),
				Map.of("traceparent", parent(SEND))));
		this.orderId = sent.topupId();
		await(this.gateway.end(this.orderId));
		this.code = await(this.gateway.get("/v3/internet/check-id/{id}", this.orderId)).data()
			.path("card_code")
			.asString();
		await(this.gateway.send(Map.of("type", "ADSL", "number", "036368084", "value", 1000, "ref", "queued"),
				Map.of("traceparent", parent(QUEUED))));
		get("/v3/internet/check-number?type=ADSL&number=036368080", READ);
		get("/v3/internet/check-ref/a-ref-of-its-own", READ);
		get("/v3/internet/check-id/" + this.code, READ);
		get("/nowhere/" + this.code + "?ticket=" + this.code, READ);
	}

	@AfterAll
	void close() {
		this.gateway.close();
		this.collector.close();
		this.upstream.close();
	}

	@Test
	@Order(1)
	void aSendIsOneTraceFromItsCallerToTheUpstream() {
		SpanData request = span((span) -> span.getKind() == SpanKind.SERVER && span.getTraceId().equals(SEND));
		// A send whose permit ran out before its first byte is begun anew, in further
		// spans.
		SpanData call = span((span) -> span.getName().equals("upstream internet.send") && span.getTraceId().equals(SEND)
				&& "success".equals(attributes(span).get("outcome")));
		SpanData order = span((span) -> span.getSpanId().equals(call.getParentSpanId()));

		assertThat(request.getParentSpanId()).isEqualTo(CALLERS_SPAN);
		assertThat(attributes(request)).containsEntry("uri", "/v3/internet/send")
			.containsEntry("caller", "shop")
			.containsKey("request.id");
		assertThat(order.getName()).isEqualTo("order send");
		assertThat(order.getParentSpanId()).isEqualTo(request.getSpanId());
		assertThat(attributes(order)).containsEntry("order.id", this.orderId);
		assertThat(call.getKind()).isEqualTo(SpanKind.CLIENT);
		assertThat(attributes(call)).containsEntry("lane", "send").containsKey("upstream.request.id");
	}

	@Test
	@Order(2)
	void aReadKeepsItsTraceThroughCacheBudgetAndBreaker() {
		SpanData request = span((span) -> span.getKind() == SpanKind.SERVER
				&& "/v3/internet/check-number".equals(attributes(span).get("uri")));
		SpanData call = span(
				(span) -> span.getName().equals("upstream internet.check-number") && span.getTraceId().equals(READ));

		assertThat(call.getParentSpanId()).isEqualTo(request.getSpanId());
	}

	@Test
	@Order(3)
	void aSweepHasATraceOfItsOwnWithLinksToItsOrders() {
		SpanData sweep = span((span) -> span.getName().equals("sweep"));

		assertThat(sweep.getTraceId()).isNotEqualTo(SEND);
		assertThat(sweep.getLinks()).extracting((link) -> link.getSpanContext().getTraceId()).containsExactly(SEND);
		assertThat(span((span) -> span.getParentSpanId().equals(sweep.getSpanId())).getName())
			.startsWith("upstream internet.");
	}

	@Test
	@Order(4)
	void aSlowSweepIsLinkedToItsOrdersToo() {
		SpanData sweep = span((span) -> span.getName().equals("slow sweep"));

		assertThat(sweep.getTraceId()).isNotEqualTo(QUEUED);
		assertThat(sweep.getLinks()).extracting((link) -> link.getSpanContext().getTraceId()).containsExactly(QUEUED);
		assertThat(span((span) -> span.getParentSpanId().equals(sweep.getSpanId())).getName())
			.startsWith("upstream internet.");
	}

	/** Neither as kept nor as sent over the wire. */
	@Test
	@Order(5)
	void noSpanHasANumberAReferenceAKeyOrACode() {
		span((span) -> span.getKind() == SpanKind.SERVER && "404".equals(attributes(span).get("status")));
		awaitThat(() -> sent().contains("order send") && sent().contains("upstream internet.send"));

		assertThat(this.code).hasSizeGreaterThan(8);
		for (String secret : List.of(this.code, "036368081", "036368080", "a-ref-of-its-own", GatewayUnderTest.KEY,
				"sim-key-1")) {
			assertThat(sent()).doesNotContain(secret);
			assertThat(KeptSpans.KEPT.getFinishedSpanItems().toString()).doesNotContain(secret);
		}
	}

	/** It never said that it takes any header but its own. */
	@Test
	@Order(6)
	void theUpstreamIsSentNoTraceHeader() {
		this.upstream.json("/v3/ping", 200, "{\"success\":true,\"data\":{\"status\":\"ok\"},\"requestId\":\"r1\"}");
		Map<String, Object> settings = new HashMap<>(traced());
		settings.put("gateway.upstream.base-url", this.upstream.baseUrl());
		try (GatewayUnderTest other = this.gateway.another(settings)) {
			await(other.exchange(HttpMethod.GET, "/v3/ping", Map.of("traceparent", parent(READ)), new byte[0]));
		}

		assertThat(this.upstream.received("/v3/ping")).isNotEmpty()
			.allSatisfy((request) -> assertThat(request.headers().names())
				.noneMatch((name) -> name.toLowerCase(Locale.ROOT).matches("trace.*|b3|x-b3.*|baggage")));
	}

	/** No call is given up, however slow the machine: another trace would come of it. */
	private Map<String, Object> traced() {
		return Map.of("test.spans", true, TracingSwitch.ENDPOINT, this.collector.baseUrl() + "/v1/traces",
				"management.tracing.sampling.probability", "1.0",
				"management.opentelemetry.tracing.export.schedule-delay", "100ms", "gateway.upstream.response-timeout",
				"10s");
	}

	private void get(String path, String trace) {
		await(this.gateway.exchange(HttpMethod.GET, path,
				Map.of("X-Access-Token", GatewayUnderTest.KEY, "traceparent", parent(trace)), new byte[0]));
	}

	private static String parent(String trace) {
		return "00-" + trace + "-" + CALLERS_SPAN + "-01";
	}

	private String sent() {
		return this.collector.all().stream().map(StubUpstream.Received::body).collect(Collectors.joining());
	}

	private static Map<String, String> attributes(SpanData span) {
		return span.getAttributes()
			.asMap()
			.entrySet()
			.stream()
			.collect(Collectors.toMap((entry) -> ((AttributeKey<?>) entry.getKey()).getKey(),
					(entry) -> entry.getValue().toString()));
	}

	/** Spans are exported a moment after they end. */
	private static SpanData span(Predicate<SpanData> wanted) {
		return await(Flux.interval(Duration.ZERO, Duration.ofMillis(50))
			.onBackpressureDrop()
			.map((look) -> KeptSpans.KEPT.getFinishedSpanItems().stream().filter(wanted).findFirst())
			.filter(Optional::isPresent)
			.map(Optional::get)
			.next());
	}

	private static void awaitThat(BooleanSupplier condition) {
		await(Flux.interval(Duration.ZERO, Duration.ofMillis(50))
			.onBackpressureDrop()
			.filter((look) -> condition.getAsBoolean())
			.next());
	}

	private static <T> T await(Mono<T> result) {
		return result.block(PATIENCE);
	}

}
