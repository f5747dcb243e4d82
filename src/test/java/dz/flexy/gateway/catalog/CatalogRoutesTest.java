package dz.flexy.gateway.catalog;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.GiftCatalog;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Plans;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.server.WebExceptionHandler;

import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.NO_SUCH_CARD;
import static org.assertj.core.api.Assertions.assertThat;

/** The paths of plans and gift cards, with routes, envelope and errors as they are. */
class CatalogRoutesTest {

	private static final String PLANS = """
			{"dynamicPlans":[{"code":"PREPAID_DJEZZY","name":"Prépayé","operator":"Djezzy","cost":0.9925,
			"isEnabled":true,"min_amount":100,"max_amount":10000,"colour":"red"}],"fixedPlans":[],"note":{"a":[1]}}""";

	private static final String CATALOG = """
			{"categories":[{"name":"Gaming","products":[{"id":"psn","title":"PlayStation","enabled":true,"region":"FR"}]}],
			"updated":"today"}""";

	private static final String PRODUCT = """
			{"productId":"psn","productTitle":"PlayStation","types":[{"id":"psn-10","name":"10 EUR","price":2150.5,
			"quantity":12,"currency":"DZD"}]}""";

	/** What writes answers and errors; its clock stands. */
	private static final AnnotationConfigApplicationContext BEANS = beans();

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private Set<Scope> scopes = Set.of(Scope.CATALOG_READ);

	private final WebTestClient client = client();

	@Test
	void plansAreAnsweredAsTheyCame() {
		this.source.plans = Mono.just(new Plans(List.of(), false, json(PLANS)));

		for (int i = 0; i < 3; i++) {
			assertThat(body(get("/v3/mobile/plans").expectStatus().isOk())).isEqualTo("""
					{"success":true,"data":%s,"meta":{"timestamp":"2026-01-15T10:00:00.000Z"},"requestId":"-"}"""
				.formatted(json(PLANS)));
		}
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void theCatalogueIsAnsweredAsItCameWithItsCounts() {
		this.source.giftCatalog = Mono.just(new GiftCatalog(1, 4, json(CATALOG)));

		JsonNode answer = json(body(get("/v3/gift-cards/catalog").expectStatus().isOk()));

		assertThat(answer.path("data")).isEqualTo(json(CATALOG));
		assertThat(answer.path("meta")).isEqualTo(json("""
				{"totalCategories":1,"totalProducts":4,"timestamp":"2026-01-15T10:00:00.000Z"}"""));
	}

	@Test
	void theCatalogueIsShownForAnHourWhileTheUpstreamFails() {
		this.source.giftCatalog = Mono.just(new GiftCatalog(1, 1, json(CATALOG)));
		get("/v3/gift-cards/catalog").expectStatus().isOk();
		this.clock.advance(Duration.ofMinutes(10));
		get("/v3/gift-cards/catalog").expectStatus().isOk();
		assertThat(this.source.listReads).isEqualTo(1);

		this.source.giftCatalog = Mono.error(Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "down").money(false, true));
		this.clock.advance(Duration.ofMinutes(50));
		get("/v3/gift-cards/catalog").expectStatus().isOk();
		assertThat(this.source.listReads).isEqualTo(2);

		this.clock.advance(Duration.ofNanos(1));
		get("/v3/gift-cards/catalog").expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.exists("Retry-After")
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("UPSTREAM_UNAVAILABLE");
	}

	@Test
	void aProductIsAnsweredAsItCame() {
		this.source.giftProduct = Mono
			.just(new Outcome.Success<>(new GiftProduct(List.of(), true, json(PRODUCT)), "-"));

		JsonNode answer = json(body(get("/v3/gift-cards/checkProduct/psn").expectStatus().isOk()));

		assertThat(answer.path("data")).isEqualTo(json(PRODUCT));
		assertThat(this.source.gifts).containsExactly("psn");
	}

	@Test
	void anUnknownProductIsRefusedInTheUpstreamsWordsAndAskedForOnce() {
		this.source.giftProduct = Mono.just(NO_SUCH_CARD);

		String first = body(get("/v3/gift-cards/checkProduct/psn").expectStatus().isNotFound());
		String second = body(get("/v3/gift-cards/checkProduct/psn").expectStatus().isNotFound());

		assertThat(first).contains("\"NOT_FOUND: Product not found\"", "\"productId\":\"psn\"").isEqualTo(second);
		assertThat(this.source.gifts).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a%20b", "%2e%2e", "a%2Fb", "%00", "a;b=c,d", "psn%0d%0aX-A:b", "%D8%A8", "a.b",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
	void anIdThatIsNoPlainNameIsNeverForwarded(String id) {
		this.source.giftProduct = Mono.just(NO_SUCH_CARD);

		get("/v3/gift-cards/checkProduct/" + id).expectStatus().value((status) -> assertThat(status).isIn(400, 404));

		assertThat(this.source.gifts).isSubsetOf("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v3/mobile/plans", "/v3/gift-cards/catalog", "/v3/gift-cards/checkProduct/psn" })
	void withoutTheScopeNothingIsAsked(String path) {
		this.scopes = Set.of(Scope.ORDERS_WRITE);

		get(path).expectStatus().isForbidden().expectBody().jsonPath("$.error.code").isEqualTo("INSUFFICIENT_SCOPE");

		assertThat(this.source.listReads).isZero();
		assertThat(this.source.gifts).isEmpty();
	}

	private ResponseSpec get(String path) {
		return this.client.get().uri(URI.create(path)).exchange();
	}

	private static String body(ResponseSpec response) {
		return Optional.ofNullable(response.expectBody(String.class).returnResult().getResponseBody()).orElseThrow();
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

	private WebTestClient client() {
		CatalogHandler handler = new CatalogHandler(BEANS.getBean(Envelope.class),
				new ProductLists(this.source, this.clock), new PlanLists(this.source, this.clock),
				new GiftCatalogs(this.source, this.clock), new GiftProducts(this.source, this.clock),
				new Numbers(this.source, new FakeMemory(), this.clock), new Ping(this.source, this.clock));
		HandlerStrategies strategies = HandlerStrategies.builder()
			.exceptionHandler(BEANS.getBean(WebExceptionHandler.class))
			.webFilter((exchange, chain) -> {
				exchange.getAttributes()
					.put(Caller.class.getName(), new Caller(new CallerId("shop"), MAIN, this.scopes, 100,
							Duration.ofMinutes(1), Optional.empty()));
				return chain.filter(exchange);
			})
			.build();
		return WebTestClient.bindToRouterFunction(new CatalogRoutes().catalogPaths(handler))
			.handlerStrategies(strategies)
			.build();
	}

	private static AnnotationConfigApplicationContext beans() {
		AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();
		beans.registerBean(Clock.class, () -> new SettableClock());
		beans.registerBean(JsonMapper.class, JsonMapper::shared);
		beans.registerBean(SecureRandom.class, () -> new SecureRandom());
		beans.scan(Envelope.class.getPackageName());
		beans.refresh();
		return beans;
	}

}
