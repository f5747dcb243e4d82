package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.lease.Replicas;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What a browser may do with a ticket and its cookie, on two replicas. */
@Isolated
@TestInstance(Lifecycle.PER_CLASS)
class TicketScenarioTest {

	private static final Map<String, String> ASYNC = Map.of("Prefer", "respond-async");

	private static final String CARD = "{\"card\":true}";

	private final Map<String, Object> settings = new LinkedHashMap<>();

	private GatewayUnderTest gateway;

	private GatewayUnderTest replica;

	/**
	 * A postponed order stays so for a minute. No window ends while requests are counted.
	 */
	@BeforeAll
	void start() {
		caller("board", "orders:read,operator,orders:write");
		caller("blind", "orders:read,orders:write");
		caller("less", "orders:read,cards:reveal,orders:write");
		caller("gone", "orders:read,cards:reveal,orders:write");
		this.settings.put("gateway.failed-attempts.limit", 1000);
		this.settings.put("gateway.callers.shop.window", "1h");
		this.gateway = GatewayUnderTest.start(this.settings,
				(simulator) -> simulator.postponed(Duration.ofMinutes(10)));
		Map<String, Object> later = new LinkedHashMap<>(this.settings);
		later.keySet().removeIf((setting) -> setting.contains(".gone."));
		later.put("gateway.callers.less.scopes", "orders:read");
		this.replica = this.gateway.another(later);
		// From then on no quota halves.
		Mono.fromSupplier(() -> this.gateway.bean(Replicas.class).live())
			.filter((live) -> live == 2)
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());
	}

	@AfterAll
	void close() {
		this.replica.close();
		this.gateway.close();
	}

	@Test
	void aTicketIsExchangedForACookieOfItsOrderOnce() {
		String order = finished("shop", "036366701");
		Answer ticket = ticket("shop", order, "");
		assertThat(ticket.status()).isEqualTo(201);
		assertThat(ticket.headers().getCacheControl()).isEqualTo("no-store");
		assertThat(ticket.data().path("page").asString())
			.isEqualTo("/track/" + order + "?ticket=" + ticket.data().path("ticket").asString());

		Seen first = get(this.gateway, "/orders/" + order + "?ticket=" + secret(ticket), null);

		assertThat(first.answer().status()).isEqualTo(200);
		assertThat(first.answer().data().path("orderId").asString()).isEqualTo(order);
		assertThat(first.answer().headers().getCacheControl()).isEqualTo("no-store");
		assertThat(first.cookies()).singleElement().satisfies((cookie) -> {
			assertThat(cookie.getName()).isEqualTo("flexy_order");
			assertThat(cookie.getPath()).isEqualTo("/orders/" + order);
			assertThat(cookie.isHttpOnly()).isTrue();
			assertThat(cookie.isSecure()).isTrue();
			assertThat(cookie.getSameSite()).isEqualTo("Strict");
			assertThat(cookie.getMaxAge()).isEqualTo(Duration.ofHours(96));
			assertThat(cookie.getValue()).isNotEqualTo(secret(ticket));
		});
		Seen again = get(this.gateway, "/orders/" + order + "?ticket=" + secret(ticket), null);
		assertRefused(again);
		assertThat(again.cookies()).isEmpty();
		Seen reloaded = get(this.gateway, "/orders/" + order + "?ticket=" + secret(ticket), header(first));
		assertThat(reloaded.answer().status()).isEqualTo(200);
		assertThat(reloaded.cookies()).isEmpty();
	}

	@Test
	void everyReplicaHonoursTheCookie() {
		String order = finished("shop", "036366702");
		String cookie = header(
				get(this.gateway, "/orders/" + order + "?ticket=" + secret(ticket("shop", order, "")), null));

		assertThat(get(this.replica, "/orders/" + order, cookie).answer().status()).isEqualTo(200);
		assertThat(get(this.replica, "/orders/" + order + "/card", cookie).answer().code())
			.isEqualTo("INSUFFICIENT_SCOPE");
	}

	/** A cookie of one order reads that order, and does nothing. */
	@Test
	void aCookieReachesNothingElse() {
		String order = finished("shop", "036366703");
		String another = finished("shop", "036366704");
		String cookie = orderCookie("shop", order, "");

		for (String path : List.of("/orders/" + another, "/orders", "/orders/events", "/orders/" + another + "/events",
				"/orders/" + another + "/card")) {
			assertRefused(get(this.gateway, path, cookie));
		}
		for (String path : List.of("/v3/internet/list", "/v3/internet/check-id/" + order, "/v3/validate")) {
			assertThat(get(this.gateway, path, cookie).answer().code()).as(path).isEqualTo("MISSING_ACCESS_TOKEN");
		}
		for (String path : List.of("/orders/" + order + "/cancel", "/orders/" + order + "/tickets", "/orders/tickets",
				"/v3/internet/send", "/orders/" + order)) {
			assertThat(post(path, cookie).code()).as(path).isEqualTo("MISSING_ACCESS_TOKEN");
		}
		assertRefused(exchange(this.gateway, HttpMethod.POST, "/orders/sign-out", cookie));
	}

	@Test
	void aTicketLetsNobodyDoAnything() {
		String secret = secret(board("shop"));

		for (String path : List.of("/orders/tickets", "/orders/sign-out", "/v3/internet/send", "/orders/x/cancel")) {
			assertThat(post(path + "?ticket=" + secret, null).code()).as(path).isEqualTo("MISSING_ACCESS_TOKEN");
		}
		assertThat(get(this.gateway, "/orders?ticket=" + secret, null).answer().status()).isEqualTo(200);
	}

	/** The management port has the same filters. */
	@Test
	void opensNothingToOperatorsNorOnTheirPort() {
		Seen opened = get(this.gateway, "/orders?ticket=" + secret(board("board")), null);
		String cookie = header(opened);
		assertThat(opened.answer().status()).isEqualTo(200);

		for (String path : List.of("/operator/orders", "/actuator/metrics", "/actuator/loggers")) {
			String secret = secret(board("board"));
			assertThat(at(this.gateway.managementUri() + path, HttpMethod.GET, cookie).answer().code()).as(path)
				.isEqualTo("MISSING_ACCESS_TOKEN");
			assertThat(
					at(this.gateway.managementUri() + path + "?ticket=" + secret, HttpMethod.GET, null).answer().code())
				.as(path)
				.isEqualTo("MISSING_ACCESS_TOKEN");
		}
		assertThat(at(this.gateway.managementUri() + "/operator/orders", HttpMethod.POST, cookie).answer().code())
			.isEqualTo("MISSING_ACCESS_TOKEN");
	}

	@Test
	void theCardIsShownOnlyWhereTheTicketAllowsIt() {
		String order = finished("shop", "036366705");
		String without = orderCookie("shop", order, "{\"card\":false}");
		String with = orderCookie("shop", order, CARD);

		assertThat(get(this.gateway, "/orders/" + order + "/card", without).answer().code())
			.isEqualTo("INSUFFICIENT_SCOPE");
		assertThat(get(this.gateway, "/orders/" + order + "/card", with).answer().data().path("card_code").asString())
			.isNotEmpty();
		String blind = finished("blind", "036366706");
		assertThat(ticket("blind", blind, CARD).code()).isEqualTo("INSUFFICIENT_SCOPE");
		assertThat(ticket("blind", blind, "").status()).isEqualTo(201);
	}

	@Test
	void aTicketIsOfOnesOwnOrderAndOfAReadableBody() {
		String order = finished("shop", "036366707");

		assertThat(ticket("blind", order, "").code()).isEqualTo("NOT_FOUND");
		assertThat(ticket("shop", "nothing", "").code()).isEqualTo("NOT_FOUND");
		for (String body : List.of("{", "[]", "null", "{\"card\":1}", "{\"card\":\"true\"}")) {
			assertThat(ticket("shop", order, body).code()).as(body).isEqualTo("ERR_VALIDATION");
		}
	}

	@Test
	void aTicketThatIsOverIsRefused() {
		String order = finished("shop", "036366708");
		String secret = secret(ticket("shop", order, ""));
		execute("update callers_ticket set ends_at = now() where used_at is null and order_id = '" + order + "'");

		assertRefused(get(this.gateway, "/orders/" + order + "?ticket=" + secret, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "uKf3pE0m2cXH9bq7sQd1vWJZ4tYxN6rGaLiOoP8hB5k", "%00", "'or 1=1" })
	void whatIsNoTicketLetsNobodyIn(String ticket) {
		assertRefused(get(this.gateway, "/orders?ticket=" + ticket.replace(" ", "%20"), null));
		assertRefused(get(this.gateway, "/orders", "flexy_board=" + ticket.replaceAll("[^A-Za-z0-9]", "")));
	}

	/** A shared cache must not keep what gives a cookie away. */
	@Test
	void aPageMakesACookieOfItsTicketAndIsShownInAnyCase() {
		String order = finished("shop", "036366715");
		String another = finished("shop", "036366716");
		String secret = secret(ticket("shop", order, ""));

		assertThat(page("/track/" + another + "?ticket=" + secret)).satisfies((page) -> {
			assertThat(page.getStatusCode().value()).isEqualTo(200);
			assertThat(page.getHeaders().getFirst(HttpHeaders.SET_COOKIE)).isNull();
			assertThat(page.getHeaders().getCacheControl()).isEqualTo("no-cache");
		});
		assertThat(page("/track/" + order + "?ticket=" + secret)).satisfies((page) -> {
			assertThat(page.getStatusCode().value()).isEqualTo(200);
			assertThat(page.getHeaders().getFirst(HttpHeaders.SET_COOKIE)).startsWith("flexy_order=")
				.contains("Path=/orders/" + order + ";");
			assertThat(page.getHeaders().getCacheControl()).isEqualTo("no-store");
		});
		assertThat(page("/track/" + order + "?ticket=" + secret).getHeaders().getFirst(HttpHeaders.SET_COOKIE))
			.isNull();
	}

	/** The buyer is not told what his shop paid, nor who sold it to the shop. */
	@Test
	void showsTheBuyerNothingOfTheCallersBusiness() {
		String order = finished("shop", "036366714");
		JsonNode full = this.gateway.get("/orders/{id}", order).map(Answer::data).block(GatewayUnderTest.patience());
		JsonNode shown = get(this.gateway, "/orders/" + order, orderCookie("shop", order, "")).answer().data();
		JsonNode withCard = get(this.gateway, "/orders/" + order, orderCookie("shop", order, CARD)).answer().data();
		String live = stream(this.gateway, "/orders/" + order + "/events", orderCookie("shop", order, ""))
			.blockFirst(GatewayUnderTest.patience());

		assertThat(full.propertyNames()).contains("cost", "upstreamId", "upstreamRef", "number");
		assertThat(shown.propertyNames()).contains("value", "status", "events")
			.doesNotContain("cost", "upstreamId", "upstreamRef", "maxCost", "attention", "sends");
		assertThat(shown.path("number").asString()).isEqualTo("036****14");
		assertThat(shown.path("card").booleanValue()).isFalse();
		assertThat(withCard.path("card").booleanValue()).isTrue();
		assertThat(live).contains("FULFILLED").doesNotContain("cost");
	}

	/**
	 * Neither the shop's account nor what became of its sends is the buyer's business.
	 */
	@Test
	void tellsTheBuyerOfARefusalNoMoreThanThatItWasOne() {
		String order = finished("shop", "036366799");
		String cookie = orderCookie("shop", order, "");

		JsonNode shown = get(this.gateway, "/orders/" + order, cookie).answer().data();
		String live = stream(this.gateway, "/orders/" + order + "/events", cookie)
			.blockFirst(GatewayUnderTest.patience());

		assertThat(
				this.gateway.get("/orders/{id}", order).map(Answer::data).block(GatewayUnderTest.patience()).toString())
			.contains("INSUFFICIENT_BALANCE");
		assertThat(shown.path("state").asString()).isEqualTo("REJECTED");
		assertThat(shown.toString()).doesNotContain("INSUFFICIENT_BALANCE", "reason");
		assertThat(shown.path("events")).allSatisfy((event) -> assertThat(event.has("number")).isTrue());
		assertThat(live).contains("REJECTED").doesNotContain("INSUFFICIENT_BALANCE", "reason");
	}

	@Test
	void keepsWhatABrowserIsShownOutOfCaches() {
		String order = finished("shop", "036366713");
		String cookie = orderCookie("shop", order, CARD);

		for (String path : List.of("/orders/" + order, "/orders/" + order + "/card")) {
			assertThat(get(this.gateway, path, cookie).answer().headers().getFirst("Cache-Control")).as(path)
				.isEqualTo("no-store");
		}
	}

	@Test
	void aCallerWhoIsGoneOrMayLessTakesHisSessionsAlong() {
		String order = finished("gone", "036366709");
		String cookie = orderCookie("gone", order, CARD);
		String less = finished("less", "036366717");
		String lessCookie = orderCookie("less", less, CARD);

		assertThat(get(this.gateway, "/orders/" + order + "/card", cookie).answer().status()).isEqualTo(200);
		assertRefused(get(this.replica, "/orders/" + order, cookie));
		assertThat(get(this.gateway, "/orders/" + less + "/card", lessCookie).answer().status()).isEqualTo(200);
		assertThat(get(this.replica, "/orders/" + less + "/card", lessCookie).answer().code())
			.isEqualTo("INSUFFICIENT_SCOPE");
		assertThat(get(this.replica, "/orders/" + less, lessCookie).answer().status()).isEqualTo(200);
	}

	@Test
	void aDayAfterItsEndAnOrderIsClosed() {
		String order = finished("shop", "036366710");
		String cookie = orderCookie("shop", order, "");
		String secret = secret(ticket("shop", order, ""));
		execute("update orders_order set final_at = now() - interval '23:59' where id = '" + order + "'");
		assertThat(get(this.gateway, "/orders/" + order, cookie).answer().status()).isEqualTo(200);

		execute("update orders_order set final_at = now() - interval '24:00' where id = '" + order + "'");

		assertRefused(get(this.gateway, "/orders/" + order, cookie));
		assertRefused(get(this.gateway, "/orders/" + order + "?ticket=" + secret, null));
		assertThat(ticket("shop", order, "").code()).isEqualTo("PAGE_CLOSED");
	}

	@Test
	void aStreamEndsWithItsAuthorityAndIsNotOpenedAgain() {
		String order = postponed("0363667");
		String cookie = orderCookie("shop", order, "");
		execute("update callers_ticket set ends_at = now() + interval '5 seconds' where order_id = '" + order + "'");

		List<String> frames = stream(this.gateway, "/orders/" + order + "/events", cookie).collectList()
			.block(GatewayUnderTest.patience());

		assertThat(frames).anyMatch((frame) -> frame.startsWith("{"));
		assertRefused(get(this.gateway, "/orders/" + order + "/events", cookie));
	}

	@Test
	void aStreamIsSeenToItsEndWithACookie() {
		String order = finished("shop", "036366711");
		String cookie = orderCookie("shop", order, "");

		Integer status = client(this.gateway).get()
			.uri("/orders/{id}/events", order)
			.header(HttpHeaders.COOKIE, cookie)
			.header("Last-Event-ID", "2")
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(GatewayUnderTest.patience());

		assertThat(status).isEqualTo(204);
	}

	@Test
	void aSignOutEndsTheStreamsOfAllReplicas() {
		Seen opened = get(this.gateway, "/orders?ticket=" + secret(board("shop")), null);
		String cookie = header(opened);
		assertThat(opened.cookies()).extracting(ResponseCookie::getPath).containsExactly("/orders", "/console");
		Flux<String> here = standing(this.gateway, "/orders/events", cookie);
		Flux<String> there = standing(this.replica, "/orders/events", cookie);
		List<ResponseCookie> taken = new ArrayList<>();

		StepVerifier.create(Flux.merge(here, there))
			.expectNext("200 OK", "200 OK")
			.expectNoEvent(Duration.ofMillis(700))
			.then(() -> taken.addAll(exchange(this.gateway, HttpMethod.POST, "/orders/sign-out", cookie).cookies()))
			.expectComplete()
			.verify(GatewayUnderTest.patience());

		assertThat(taken).hasSize(2).allMatch((one) -> one.getMaxAge().isZero() && one.getValue().isEmpty());
		assertRefused(get(this.gateway, "/orders", cookie));
		assertRefused(get(this.replica, "/orders", cookie));
	}

	@Test
	void aSessionHasAQuotaOfItsOwn() {
		String order = finished("shop", "036366712");
		String cookie = orderCookie("shop", order, "");
		int before = remaining(key("shop"));

		List<Integer> statuses = Flux.range(0, 130)
			.flatMap((i) -> Mono.fromSupplier(() -> get(this.gateway, "/orders/" + order, cookie).answer().status()), 1)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(statuses.getFirst()).isEqualTo(200);
		assertThat(statuses.getLast()).isEqualTo(429);
		Seen refused = get(this.gateway, "/orders/" + order, cookie);
		assertThat(refused.answer().code()).isEqualTo("RATE_LIMIT_EXCEEDED");
		assertThat(refused.answer().headers().getFirst("Retry-After")).isNotNull();
		assertThat(before - remaining(key("shop"))).isBetween(1, 60);
		assertThat(get(this.gateway, "/orders/" + order, orderCookie("shop", order, "")).answer().status())
			.isEqualTo(200);
	}

	@Test
	void neitherTicketsNorCookiesAreStoredOrLogged() {
		try (CapturedLog log = new CapturedLog("dz.flexy")) {
			String order = finished("shop", "036366713");
			String secret = secret(ticket("shop", order, CARD));
			String cookie = header(get(this.gateway, "/orders/" + order + "?ticket=" + secret, null));
			page("/track/" + order + "?ticket=" + secret);
			get(this.gateway, "/orders/" + order + "?ticket=" + secret, null);
			String session = cookie.substring(cookie.indexOf('=') + 1);
			String rows = this.gateway.database()
				.client()
				.sql("select string_agg(callers_ticket::text, ' ') from callers_ticket")
				.mapValue(String.class)
				.one()
				.block(GatewayUnderTest.patience());

			assertThat(log.lines()).anyMatch((line) -> line.contains("GET /orders/{id} 200"))
				.noneMatch((line) -> line.contains(secret) || line.contains(session));
			assertThat(rows).contains(order).doesNotContain(secret, session);
		}
	}

	private void caller(String name, String scopes) {
		this.settings.putAll(new GatewaySettings().caller(name, key(name)).asMap());
		this.settings.put("gateway.callers." + name + ".scopes", scopes);
	}

	private static String key(String caller) {
		return caller + "-key";
	}

	private int remaining(String key) {
		return Integer.parseInt(Objects.requireNonNull(this.gateway.client(key)
			.get()
			.uri("/v3/validate")
			.exchangeToMono((response) -> response.toBodilessEntity())
			.map((response) -> response.getHeaders().getFirst("X-RateLimit-Remaining"))
			.block(GatewayUnderTest.patience())));
	}

	private String finished(String caller, String number) {
		String id = place(caller, number);
		await(() -> this.gateway.client(key(caller))
			.get()
			.uri("/orders/{id}", id)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.filter((answer) -> answer.data().path("final").booleanValue()));
		return id;
	}

	/** Its number ends as the simulator postpones. */
	private String postponed(String prefix) {
		return place("shop", prefix + "84");
	}

	private String place(String caller, String number) {
		return this.gateway.client(key(caller))
			.post()
			.uri("/v3/internet/send")
			.contentType(MediaType.APPLICATION_JSON)
			.header("Prefer", ASYNC.get("Prefer"))
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000))
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map((response) -> Answer.of(response).topupId())
			.block(GatewayUnderTest.patience());
	}

	private static void await(Supplier<Mono<Answer>> look) {
		Mono.defer(look)
			.repeatWhenEmpty((times) -> times.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());
	}

	private Answer ticket(String caller, String order, String body) {
		return this.gateway.client(key(caller))
			.post()
			.uri("/orders/{id}/tickets", order)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience());
	}

	private Answer board(String caller) {
		return this.gateway.client(key(caller))
			.post()
			.uri("/orders/tickets")
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map(Answer::of)
			.block(GatewayUnderTest.patience());
	}

	private static String secret(Answer ticket) {
		assertThat(ticket.status()).isEqualTo(201);
		return ticket.data().path("ticket").asString();
	}

	private String orderCookie(String caller, String order, String body) {
		return header(get(this.gateway, "/orders/" + order + "?ticket=" + secret(ticket(caller, order, body)), null));
	}

	private static String header(Seen seen) {
		ResponseCookie cookie = seen.cookies().getFirst();
		return cookie.getName() + "=" + cookie.getValue();
	}

	private Answer post(String path, String cookie) {
		return exchange(this.gateway, HttpMethod.POST, path, cookie).answer();
	}

	private ResponseEntity<String> page(String path) {
		return WebClient.create(this.gateway.uri().toString())
			.get()
			.uri(path)
			.retrieve()
			.toEntity(String.class)
			.block(GatewayUnderTest.patience());
	}

	private static Seen get(GatewayUnderTest gateway, String path, String cookie) {
		return exchange(gateway, HttpMethod.GET, path, cookie);
	}

	private static Seen exchange(GatewayUnderTest gateway, HttpMethod method, String path, String cookie) {
		return at(gateway.uri() + path, method, cookie);
	}

	private static Seen at(String uri, HttpMethod method, String cookie) {
		return WebClient.builder()
			.filter(ContractFilter.shared())
			.build()
			.method(method)
			.uri(URI.create(uri))
			.headers((headers) -> {
				if (cookie != null) {
					headers.set(HttpHeaders.COOKIE, cookie);
				}
			})
			.exchangeToMono(Seen::of)
			.block(GatewayUnderTest.patience());
	}

	private static Flux<String> stream(GatewayUnderTest gateway, String path, String cookie) {
		return client(gateway).get()
			.uri(path)
			.header(HttpHeaders.COOKIE, cookie)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.retrieve()
			.bodyToFlux(String.class);
	}

	/** Tells that the stream stands, and then nothing until it ends. */
	private static Flux<String> standing(GatewayUnderTest gateway, String path, String cookie) {
		return client(gateway).get()
			.uri(path)
			.header(HttpHeaders.COOKIE, cookie)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchangeToFlux((response) -> Flux.just(response.statusCode().toString())
				.concatWith(response.bodyToFlux(String.class).ignoreElements()));
	}

	private static WebClient client(GatewayUnderTest gateway) {
		return WebClient.builder().baseUrl(gateway.uri().toString()).filter(ContractFilter.shared()).build();
	}

	private static void assertRefused(Seen seen) {
		assertThat(seen.answer().status()).isEqualTo(401);
		assertThat(seen.answer().code()).isEqualTo("INVALID_TICKET");
	}

	private void execute(String sql) {
		this.gateway.database().client().sql(sql).then().block(GatewayUnderTest.patience());
	}

	private record Seen(Answer answer, List<ResponseCookie> cookies) {

		static Mono<Seen> of(ClientResponse response) {
			List<ResponseCookie> cookies = response.cookies().values().stream().flatMap(List::stream).toList();
			return response.toEntity(String.class).map((entity) -> new Seen(Answer.of(entity), cookies));
		}

	}

}
