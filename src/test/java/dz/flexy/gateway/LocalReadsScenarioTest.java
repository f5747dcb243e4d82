package dz.flexy.gateway;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.catalog.Catalog;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The reads that are answered from what is kept locally, through the whole gateway. */
@Isolated("counts the lines in the log of the whole process")
class LocalReadsScenarioTest {

	private static final String PRODUCTS = "/v3/internet/products";

	private static final String PLANS = "/v3/mobile/plans";

	private static final String CHECK_NUMBER = "/v3/internet/check-number";

	private static final String BALANCE = "/v3/account/balance";

	private static UpstreamSimulator upstream;

	private static ConfigurableApplicationContext gateway;

	private static String base;

	@BeforeAll
	static void start() {
		upstream = UpstreamSimulator.start();
		Map<String, Object> settings = new GatewaySettings().database(Database.fresh().r2dbcUrl())
			.upstream(upstream.baseUrl(), "sim-key-1")
			.caller("shop", "shop-key")
			.caller("blind", "blind-key")
			.set("gateway.callers.blind.scopes[0]", "orders:write")
			.asMap();
		gateway = new SpringApplicationBuilder(FlexyGateway.class).web(WebApplicationType.REACTIVE)
			.properties(settings)
			.run("--server.port=0", "--management.server.port=0");
		base = "http://localhost:" + gateway.getEnvironment().getProperty("local.server.port");
	}

	@AfterAll
	static void stop() {
		gateway.close();
		upstream.close();
		PublishedContract.shared().assertKept();
	}

	@BeforeEach
	void forgetRequests() {
		upstream.faults().clear();
		upstream.requests().clear();
	}

	@Test
	void productsAreReadOnceHoweverManyAsk() {
		List<Integer> statuses = atOnce(20, PRODUCTS + "?type=ADSL");
		get(PRODUCTS + "?type=ADSL").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.success")
			.isEqualTo(true)
			.jsonPath("$.data.type")
			.isEqualTo("ADSL")
			.jsonPath("$.data.products[0].value")
			.isNumber()
			.jsonPath("$.data.products[0].cost")
			.isNumber()
			.jsonPath("$.data.products[0].available")
			.isBoolean();

		assertThat(statuses).containsOnly(200);
		assertThat(calls(PRODUCTS)).isEqualTo(1);
	}

	/** The read is made twice. */
	@Test
	void productsThatWereNeverReadAreUnavailableWhileTheUpstreamFails() {
		upstream.faults().next(Fault.errorBeforeCommit(), RequestMatch.onRoute(PRODUCTS));

		get(PRODUCTS + "?type=4G").expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.exists(HttpHeaders.RETRY_AFTER)
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("UPSTREAM_UNAVAILABLE")
			.jsonPath("$.error.details.retrySafe")
			.isEqualTo(true);
		get(PRODUCTS + "?type=4G").expectStatus().isOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { PRODUCTS, PRODUCTS + "?type=", PRODUCTS + "?type=adsl" })
	void productsOfAnotherTypeAreRefusedHere(String path) {
		get(path).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("ERR_VALIDATION")
			.jsonPath("$.error.details.field")
			.isEqualTo("type");

		assertThat(calls(PRODUCTS)).isZero();
	}

	@Test
	void plansAreReadOnceHoweverManyAsk() {
		List<Integer> statuses = atOnce(20, PLANS);
		get(PLANS).expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.data.dynamicPlans[0].min_amount")
			.isNumber()
			.jsonPath("$.data.fixedPlans[0].operator")
			.isEqualTo("Djezzy");

		assertThat(statuses).containsOnly(200);
		assertThat(calls(PLANS)).isEqualTo(1);
	}

	@Test
	void aGiftCardWithoutAPlainNameIsRefusedHere() {
		get("/v3/gift-cards/checkProduct/a.b").expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.error.details.field")
			.isEqualTo("productId");

		assertThat(upstream.requests().all()).isEmpty();
	}

	@Test
	void aNumberIsCheckedUpstreamOnce() {
		for (int i = 0; i < 2; i++) {
			get(CHECK_NUMBER + "?type=ADSL&number=036362610").expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.data.ncli")
				.isEqualTo("11022*****")
				.jsonPath("$.data.offre")
				.isEqualTo("FTTc-b_10M'")
				.jsonPath("$.data.type")
				.isEqualTo("ADSL");
		}

		assertThat(calls(CHECK_NUMBER)).isEqualTo(1);
	}

	@Test
	void whatTheUpstreamLeavesOutIsLeftOut() {
		get(CHECK_NUMBER + "?type=4G&number=213665983410").expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.data.type")
			.isEqualTo("4GLTE")
			.jsonPath("$.data.offre")
			.doesNotExist();
	}

	@Test
	void anUnknownNumberIsRefusedTwiceInTheSameWordsAndAskedOnce() {
		String first = refusalOf("036362697");
		String second = refusalOf("036362697");

		assertThat(first).contains("ERR_PHONE: ", "\"reason\":\"unknown subscriber\"", "\"upstreamRequestId\"")
			.isEqualTo(second);
		assertThat(calls(CHECK_NUMBER)).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "type=ADSL&number=36362608,ERR_PHONE", "type=4G&number=0665983439,ERR_PHONE",
			"type=FTTH&number=036362608,ERR_VALIDATION", "type=ADSL,ERR_VALIDATION",
			"number=036362608,ERR_VALIDATION" })
	void malformedNumbersAreRefusedHere(String query, String code) {
		get(CHECK_NUMBER + "?" + query).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo(code);

		assertThat(calls(CHECK_NUMBER)).isZero();
	}

	@Test
	void everyUpstreamCallIsLoggedWithItsRequestId() {
		int before = upstream.requests().all().size();
		try (CapturedLog log = new CapturedLog()) {
			get(CHECK_NUMBER + "?type=ADSL&number=036362177").expectStatus().isOk();

			assertThat(log.lines()).filteredOn((line) -> line.contains("CallLog"))
				.isNotEmpty()
				.hasSize(upstream.requests().all().size() - before)
				.allSatisfy((line) -> assertThat(line).containsPattern("upstreamRequest=req_\\d+_\\w+")
					.doesNotContain("036362177", "sim-key-1", "shop-key"));
		}
	}

	/**
	 * So that no flood of look-ups of gift cards holds up a send. A send that gives up
	 * after 2 s has its call logged later.
	 */
	@Test
	void onlyASendAsksForAGiftCardInTheLaneOfSends() {
		Account account = gateway.getBean(Accounts.class).all().iterator().next();
		try (CapturedLog log = new CapturedLog()) {
			get("/v3/gift-cards/checkProduct/nothing").expectBody();
			assertThat(giftCalls(log, "lookup")).isPositive();
			assertThat(giftCalls(log, "send")).isZero();

			for (int i = 0; i < 5 && giftCalls(log, "send") == 0; i++) {
				gateway.getBean(Catalog.class).giftOffer(account, "nothing-" + i, "a", 1).block(Duration.ofSeconds(20));
			}
			assertThat(giftCalls(log, "send")).isPositive();
		}
	}

	private static long giftCalls(CapturedLog log, String lane) {
		return log.lines()
			.stream()
			.filter((line) -> line.contains("check-product") && line.contains("lane=" + lane))
			.count();
	}

	@Test
	void pingNeedsNoKeyAndCostsOneCallAMinute() {
		for (int i = 0; i < 3; i++) {
			client().get()
				.uri("/v3/ping")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.data.operators.djezzy")
				.isEqualTo("up");
		}

		assertThat(calls("/v3/ping")).isEqualTo(1);
	}

	@Test
	void theBalanceIsReadOnceHoweverManyAsk() {
		upstream.account("sim-key-1").setBalance(new BigDecimal("1326.13"));

		List<Integer> statuses = atOnce(20, BALANCE);
		get(BALANCE).expectBody().json("{\"data\":{\"balance\":1326.13}}");

		assertThat(statuses).containsOnly(200);
		assertThat(calls(BALANCE)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { PRODUCTS + "?type=ADSL", PLANS, "/v3/gift-cards/catalog",
			CHECK_NUMBER + "?type=ADSL&number=036362608", BALANCE })
	void aCallerWithoutTheScopeLearnsNothing(String path) {
		client().get()
			.uri(path)
			.header("X-Access-Token", "blind-key")
			.exchange()
			.expectStatus()
			.isForbidden()
			.expectBody()
			.jsonPath("$.error.code")
			.isEqualTo("INSUFFICIENT_SCOPE");
	}

	private static long calls(String route) {
		return upstream.requests().count((request) -> request.path().equals(route));
	}

	private static String refusalOf(String number) {
		byte[] body = get(CHECK_NUMBER + "?type=ADSL&number=" + number).expectStatus()
			.isBadRequest()
			.expectBody()
			.returnResult()
			.getResponseBodyContent();
		return new String(body, StandardCharsets.UTF_8).replaceFirst("\"requestId\":\"req_[^\"]*\"}$", "");
	}

	private static ResponseSpec get(String path) {
		return client().get().uri(path).header("X-Access-Token", "shop-key").exchange();
	}

	private static List<Integer> atOnce(int times, String path) {
		WebClient client = WebClient.builder().baseUrl(base).filter(ContractFilter.shared()).build();
		Mono<Integer> status = client.get()
			.uri(path)
			.header("X-Access-Token", "shop-key")
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()));
		return Flux.range(0, times)
			.flatMap((i) -> status, times)
			.collectList()
			.blockOptional(Duration.ofSeconds(20))
			.orElseThrow();
	}

	private static WebTestClient client() {
		return WebTestClient.bindToServer()
			.baseUrl(base)
			.filter(ContractFilter.shared())
			.responseTimeout(Duration.ofSeconds(20))
			.build();
	}

}
