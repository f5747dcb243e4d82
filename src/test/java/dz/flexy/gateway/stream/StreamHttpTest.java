package dz.flexy.gateway.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("shows only what is older than any open transaction of the database server")
class StreamHttpTest {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final int LIMIT_OF_CALLER = 12;

	private static final String ORIGIN = "https://shop.example";

	private static StreamServer server;

	@BeforeAll
	static void start() {
		server = StreamServer.start(Map.of("gateway.stream.heartbeat", "200ms", "gateway.stream.patience", "400ms",
				"gateway.stream.per-caller", LIMIT_OF_CALLER, "gateway.stream.cors-origins[0]", ORIGIN));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void anOrderIsWatchedFromItsAcceptanceToItsEnd() {
		Order order = server.accept("watched");

		StepVerifier.create(events(server.stream(order)))
			.expectNext("status 1 HANDLING")
			.then(() -> server.move(server.sending(order), OrderState.FULFILLED))
			.expectNext("status 2 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void theFirstEventCarriesTheTimeToComeBackAfter() {
		Order order = server.fulfilled("greeted");

		StepVerifier.create(server.stream(order).take(1))
			.assertNext((first) -> assertThat(first.retry()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5)))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void commentsFlowWhileNothingHappens() {
		Order order = server.accept("quiet");

		StepVerifier.create(server.stream(order).filter((event) -> event.comment() != null).take(2))
			.expectNextCount(2)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void theHeadersKeepProxiesFromBuffering() {
		Order order = server.fulfilled("headers");

		get("/orders/" + order.id() + "/events", StreamServer.KEY).expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.expectHeader()
			.valueEquals("Cache-Control", "no-store")
			.expectHeader()
			.valueEquals("X-Accel-Buffering", "no")
			.expectHeader()
			.exists("X-Request-ID");
	}

	@Test
	void whoHasSeenTheEndIsNotCalledBack() {
		Order order = server.fulfilled("seen");

		get("/orders/" + order.id() + "/events", StreamServer.KEY, "2").expectStatus()
			.isNoContent()
			.expectBody()
			.isEmpty();
	}

	@Test
	void aCorrectionAfterTheEndIsStillTold() {
		Order order = server.move(server.fulfilled("corrected"), OrderState.REFUNDED);

		StepVerifier.create(events(server.stream(order, "2")))
			.expectNext("status 3 REFUNDED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aReconnectMissesAndRepeatsNothing() {
		Order order = server.move(server.sending(server.accept("again")), OrderState.QUEUED, OrderState.UNKNOWN_ERROR,
				OrderState.FULFILLED);

		StepVerifier.create(events(server.stream(order, "1")))
			.expectNext("status 2 QUEUED", "status 3 UNKNOWN_ERROR", "status 4 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "-1", "3", "99", "99999999999999999999" })
	void anIdThatCannotBeHonouredResets(String id) {
		Order order = server.fulfilled("reset " + id);

		StepVerifier.create(events(server.stream(order, id)))
			.expectNext("reset 2 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void afterAResetAnOpenOrderGoesOn() {
		Order order = server.accept("reset and on");

		StepVerifier.create(events(server.stream(order, "7")))
			.expectNext("reset 1 HANDLING")
			.then(() -> server.move(server.sending(order), OrderState.FULFILLED))
			.expectNext("status 2 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void unknownOrdersAndOtherCallersOrdersLookTheSame() {
		Order order = server.accept("private");

		for (ResponseSpec answer : List.of(get("/orders/" + order.id() + "/events", StreamServer.OTHER_KEY),
				get("/orders/0123456789abcdef01234567/events", StreamServer.KEY),
				get("/orders/nonsense/events", StreamServer.KEY))) {
			refused(answer, HttpStatus.NOT_FOUND, "NOT_FOUND").jsonPath("$.error.message")
				.isEqualTo("NOT_FOUND: no such order");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/orders/events", "/orders/0123456789abcdef01234567/events" })
	void whoMayNotReadOrdersMayNotWatchThem(String path) {
		refused(get(path, StreamServer.WRITER_KEY), HttpStatus.FORBIDDEN, "INSUFFICIENT_SCOPE");
		refused(get(path, "unknown"), HttpStatus.UNAUTHORIZED, "INVALID_ACCESS_TOKEN");
	}

	@Test
	void aCallerWatchesAllHisOrders() {
		Order open = server.accept("board");

		StepVerifier.create(events(server.stream("/orders/events")).filter((event) -> event.endsWith("QUEUED")))
			.then(() -> server.move(server.sending(open), OrderState.QUEUED))
			.expectNextMatches((event) -> event.startsWith("status "))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aClientThatLeavesIsForgotten() {
		Order order = server.accept("left");

		StepVerifier.create(server.stream(order)).expectNextCount(1).thenCancel().verify(LIMIT);

		noListenerLeft();
	}

	@Test
	void aReaderThatDoesNotReadIsDisconnected() throws IOException {
		server.flood(server.accept("flood"));

		disconnects("/orders/events");
	}

	@Test
	void aReaderThatDoesNotReadAnOrderIsDisconnectedToo() throws IOException {
		Order order = server.accept("flooded");
		server.flood(order);

		disconnects("/orders/" + order.id() + "/events");
	}

	@Test
	void aReaderThatDoesNotReadDelaysNobody() throws IOException {
		Order order = server.accept("delayed");
		server.flood(order);

		try (Socket socket = deaf("/orders/events"); Socket another = deaf("/orders/" + order.id() + "/events")) {
			Order meanwhile = server.accept("meanwhile");
			StepVerifier.create(events(server.stream(meanwhile)))
				.expectNext("status 1 HANDLING")
				.then(() -> server.move(server.sending(meanwhile), OrderState.FULFILLED))
				.expectNext("status 2 FULFILLED")
				.expectComplete()
				.verify(LIMIT);
			assertThat(socket.isConnected() && another.isConnected()).isTrue();
		}
	}

	@Test
	void moreStreamsThanACallerMayHaveAreRefusedUntilOneEnds() {
		noStreamLeft();
		Disposable.Composite streams = Disposables.composite();
		for (int i = 0; i < LIMIT_OF_CALLER; i++) {
			streams.add(server.stream("/orders/events").subscribe());
		}
		streams(LIMIT_OF_CALLER);

		refused(get("/orders/events", StreamServer.KEY), HttpStatus.TOO_MANY_REQUESTS, "RATE_LIMIT_EXCEEDED");
		get("/orders/events", StreamServer.KEY).expectHeader()
			.valueEquals("Retry-After", "60")
			.expectHeader()
			.contentType("application/json;charset=utf-8");
		streams.dispose();

		streams(0);
		StepVerifier.create(server.stream("/orders/events")).expectNextCount(1).thenCancel().verify(LIMIT);
	}

	@Test
	void everyKindOfEndIsCounted() throws IOException {
		noStreamLeft();
		Order order = server.fulfilled("counted");
		server.flood(server.accept("counted flood"));

		server.stream(order).blockLast(LIMIT);
		server.stream("/orders/events").blockFirst(LIMIT);
		disconnects("/orders/events");

		streams(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "status=HANDLED", "final=yes", "final=", "status=QUEUED&status=QUEUED", "final=TRUE" })
	void aConditionThatIsNotKnownIsRefused(String query) {
		refused(get("/orders/events?" + query, StreamServer.KEY), HttpStatus.BAD_REQUEST, "ERR_VALIDATION");
	}

	@Test
	void aCallerWatchesWhatHeWants() {
		Order open = server.accept("filtered");
		Order other = server.accept("filtered too");

		StepVerifier
			.create(events(server.stream("/orders/events?final=true&product=ADSL&status=REFUNDED", placeOf(other))))
			.then(() -> server.move(server.sending(other), OrderState.FULFILLED, OrderState.REFUNDED))
			.expectNextMatches((event) -> event.endsWith("REFUNDED"))
			.then(() -> server.move(server.sending(open), OrderState.REFUNDED))
			.expectNextMatches((event) -> event.endsWith("REFUNDED"))
			.thenCancel()
			.verify(LIMIT);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/orders/events?caller=*", "/orders/events?caller=other", "/orders?caller=*",
			"/orders?caller=other" })
	void othersOrdersAreForOperators(String path) {
		refused(get(path, StreamServer.KEY), HttpStatus.FORBIDDEN, "INSUFFICIENT_SCOPE");
	}

	@Test
	void anOperatorSeesWhoseOrdersTheyAre() {
		server.accept("seen by an operator");

		get("/orders?caller=*&limit=1", StreamServer.OPERATOR_KEY).expectBody()
			.jsonPath("$.data.items[0].caller")
			.isEqualTo("shop");
		get("/orders?caller=other", StreamServer.OPERATOR_KEY).expectBody().jsonPath("$.data.items").isEmpty();
		for (String caller : List.of("*", "shop")) {
			StepVerifier
				.create(server.streamTo(StreamServer.OPERATOR_KEY, "/orders/events?caller=" + caller)
					.filter((event) -> event.data() != null))
				.assertNext((event) -> assertThat(event.data()).contains("\"caller\":\"shop\""))
				.thenCancel()
				.verify(LIMIT);
		}
	}

	@Test
	void aPageOfANamedOriginMayRead() {
		Order order = server.fulfilled("cross origin");

		crossOrigin(HttpMethod.OPTIONS, ORIGIN, "/orders/" + order.id() + "/events").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("Access-Control-Allow-Methods", "GET");
		crossOrigin(HttpMethod.GET, ORIGIN, "/orders/" + order.id() + "/events").expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("Access-Control-Allow-Origin", ORIGIN)
			.expectHeader()
			.valueEquals("Access-Control-Allow-Credentials", "true");
		crossOrigin(HttpMethod.GET, ORIGIN, "/orders/nonsense/events").expectStatus()
			.isNotFound()
			.expectHeader()
			.valueEquals("Access-Control-Allow-Origin", ORIGIN);
	}

	@Test
	void aPageOfAnotherOriginOrElsewhereMayNot() {
		for (ResponseSpec answer : List.of(crossOrigin(HttpMethod.OPTIONS, "https://evil.example", "/orders"),
				crossOrigin(HttpMethod.GET, "https://evil.example", "/orders"),
				crossOrigin(HttpMethod.OPTIONS, ORIGIN, "/v3/validate"),
				crossOrigin(HttpMethod.POST, ORIGIN, "/orders/0123456789abcdef01234567/cancel"))) {
			answer.expectHeader().doesNotExist("Access-Control-Allow-Origin");
		}
	}

	@Test
	void aPageThatIsNotNamedIsAnsweredAsEver() {
		crossOrigin(HttpMethod.GET, "https://evil.example", "/orders").expectStatus().isOk();
	}

	/**
	 * Where in the log an order's latest event is: who reads on from there misses nothing
	 * that comes later.
	 */
	private static String placeOf(Order order) {
		ServerSentEvent<String> event = server.stream("/orders/events?status=HANDLING")
			.filter((each) -> each.data() != null && each.data().contains(order.id().toString()))
			.blockFirst(LIMIT);
		return String.valueOf(event.id());
	}

	private static ResponseSpec crossOrigin(HttpMethod method, String origin, String path) {
		return client().method(method).uri(path).header("Origin", origin).headers((headers) -> {
			if (method == HttpMethod.OPTIONS) {
				headers.setAccessControlRequestMethod(HttpMethod.GET);
				headers.set("Access-Control-Request-Headers", "x-access-token, last-event-id");
			}
			else {
				headers.set("X-Access-Token", StreamServer.KEY);
			}
		}).exchange();
	}

	private static Socket deaf(String path) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.setSoTimeout((int) LIMIT.toMillis());
		socket.connect(new InetSocketAddress("localhost", server.port()));
		socket.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: gateway\r\nX-Access-Token: %s\r\nLast-Event-ID: 0\r\n\r\n"
				.formatted(path, StreamServer.KEY)
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static void disconnects(String path) throws IOException {
		double before = cutOff();
		try (Socket socket = deaf(path)) {
			listening();
			noListenerLeft();
			assertThat(ends(socket.getInputStream())).isTrue();
		}
		assertThat(cutOff()).isEqualTo(before + 1);
	}

	private static double cutOff() {
		return server.bean(MeterRegistry.class).counter("gateway.stream.cut", "reason", "unread").count();
	}

	private static void noStreamLeft() {
		streams(0);
	}

	private static void streams(int count) {
		Flux.interval(Duration.ofMillis(10))
			.onBackpressureDrop()
			.filter((tick) -> server.bean(OpenStreams.class).count() == count)
			.next()
			.block(LIMIT);
	}

	private static boolean ends(InputStream input) throws IOException {
		try {
			return input.transferTo(OutputStream.nullOutputStream()) > 0;
		}
		catch (SocketException reset) {
			return true;
		}
	}

	private static void listening() {
		listeners().filter((count) -> count > 0).next().block(LIMIT);
	}

	private static void noListenerLeft() {
		listeners().filter((count) -> count == 0).next().block(LIMIT);
	}

	private static Flux<Integer> listeners() {
		return Flux.interval(Duration.ofMillis(10)).onBackpressureDrop().map((tick) -> server.live().listeners());
	}

	private static Flux<String> events(Flux<ServerSentEvent<String>> stream) {
		return stream.filter((event) -> event.event() != null)
			.map((event) -> event.event() + " " + event.id() + " " + status(event.data()));
	}

	private static String status(String data) {
		return data.replaceAll(".*\"status\":\"([A-Z_]+)\".*", "$1");
	}

	private static WebTestClient.BodyContentSpec refused(ResponseSpec answer, HttpStatus status, String code) {
		return answer.expectStatus().isEqualTo(status).expectBody().jsonPath("$.error.code").isEqualTo(code);
	}

	private static ResponseSpec get(String path, String key, String... lastEventId) {
		return client().get()
			.uri(path)
			.header("X-Access-Token", key)
			.headers((headers) -> headers.addAll("Last-Event-ID", List.of(lastEventId)))
			.exchange();
	}

	private static WebTestClient client() {
		return WebTestClient.bindToServer().baseUrl(server.url()).responseTimeout(LIMIT).build();
	}

}
