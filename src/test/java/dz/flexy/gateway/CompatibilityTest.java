package dz.flexy.gateway;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.BothSides.Comparison;
import dz.flexy.gateway.simulator.SimulatedAccount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same requests to the upstream and to the gateway, each with an account of its own
 * that holds the same orders in the same states. What differs is meant to.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CompatibilityTest {

	private static final Path PAGE = Path.of("docs/compatibility.md");

	private static final Path SEEN = Path.of("target/compatibility.md");

	private static final String REWRITE = "compatibility.write";

	private static final String DIRECT_KEY = "direct-key";

	private static final String GATEWAYS_KEY = "sim-key-1";

	private static final BigDecimal MONEY = new BigDecimal("1000000");

	private static final String NOBODYS = "ffffffffffffffffffffffff";

	private static final String SCOPES = "orders:write,orders:read,catalog:read,balance:read,cards:reveal,account:read,bills,ocpay";

	private static final String PSN = "507f1f77bcf86cd799439011";

	private static final String SIMULATED = "507f1f77bcf86cd799439099";

	/** What became of the orders, by the end of their references. */
	private static final Map<String, String> STATES = Map.of("card", "FULFILLED", "4g", "FULFILLED 4G", "back",
			"REFUNDED", "late", "QUEUED", "open", "HANDLING");

	private static final Map<String, String> MOBILE_STATES = Map.of("card", "FULFILLED", "fixed",
			"FULFILLED fixed plan", "menu", "REFUNDED menu plan", "back", "REFUNDED", "offers", "REFUNDED with offers",
			"late", "UNKNOWN_ERROR", "open", "HANDLING");

	private GatewayUnderTest gateway;

	private BothSides sides;

	private List<Comparison> comparisons;

	@BeforeAll
	void compare() {
		this.gateway = GatewayUnderTest.start(
				Map.of("gateway.callers.shop.scopes", SCOPES, "gateway.failed-attempts.limit", 1000),
				(simulator) -> simulator.account(GATEWAYS_KEY, "+213665983439", MONEY)
					.account(DIRECT_KEY, "+213665983440", MONEY)
					.limit(DIRECT_KEY, 10_000)
					.lockOut(1000, Duration.ofMinutes(1)));
		this.sides = new BothSides(Side.upstream(this.gateway.upstream().baseUrl(), DIRECT_KEY),
				Side.gateway(this.gateway.uri(), GatewayUnderTest.KEY));
		atOnce(this::core, this::internet, this::mobile, this::giftCards, this::payments, this::bills);
		account();
		Stream.of(Endpoint.values()).forEach(this.sides::withoutKey);
		this.comparisons = this.sides.comparisons();
	}

	private static void atOnce(Runnable... parts) {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Stream.of(parts)
				.map((part) -> CompletableFuture.runAsync(part, threads))
				.toList()
				.forEach(CompletableFuture::join);
		}
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	private void core() {
		this.sides.read(Endpoint.PING, "as it is");
		this.sides.unrouted(Endpoint.PING, "no such path");
		this.sides.read(Endpoint.VALIDATE, "as it is");
		this.sides.read(Endpoint.BALANCE, "as it is");
	}

	private void account() {
		this.sides.read(Endpoint.TRANSACTIONS, "all", "pageSize=100");
		this.sides.read(Endpoint.TRANSACTIONS, "page 0", "page=0");
		this.sides.read(Endpoint.TRANSACTIONS, "only `from`", "from=2026-01-01T00:00:00.000Z");
	}

	private void internet() {
		for (String type : List.of("ADSL", "4G")) {
			this.sides.read(Endpoint.PRODUCTS, type, "type=" + type);
		}
		this.sides.read(Endpoint.PRODUCTS, "unknown type", "type=FIBRE");
		this.sides.read(Endpoint.PRODUCTS, "no type");
		this.sides.read(Endpoint.CHECK_NUMBER, "ADSL", "type=ADSL&number=036362608");
		this.sides.read(Endpoint.CHECK_NUMBER, "4G", "type=4G&number=213472731602");
		this.sides.read(Endpoint.CHECK_NUMBER, "unknown subscriber", "type=ADSL&number=036362697");
		this.sides.read(Endpoint.CHECK_NUMBER, "malformed number", "type=ADSL&number=123");
		this.sides.read(Endpoint.CHECK_NUMBER, "no number", "type=ADSL");
		String internet = "{'type':'%s','number':'%s','value':%s,'ref':'%s'}";
		sent(Endpoint.INTERNET_SEND, "ADSL", internet.formatted("ADSL", "036362680", 1000, "net-card"), "card");
		sent(Endpoint.INTERNET_SEND, "4G", internet.formatted("4G", "213472731680", 500, "net-4g"), "4g");
		sent(Endpoint.INTERNET_SEND, "refunded later", internet.formatted("ADSL", "036362683", 500, "net-back"),
				"back");
		sent(Endpoint.INTERNET_SEND, "queued later", internet.formatted("ADSL", "036362684", 500, "net-late"), "late");
		sent(Endpoint.INTERNET_SEND, "handled for long", internet.formatted("ADSL", "036362689", 500, "net-open"),
				"open");
		this.sides.write(Endpoint.INTERNET_SEND, "used `ref`",
				internet.formatted("ADSL", "036362680", 1000, "net-card"));
		this.sides.write(Endpoint.INTERNET_SEND, "unknown subscriber",
				internet.formatted("ADSL", "036362697", 1000, "r1"));
		this.sides.write(Endpoint.INTERNET_SEND, "out of stock", internet.formatted("ADSL", "036362698", 1000, "r2"));
		this.sides.write(Endpoint.INTERNET_SEND, "balance too low",
				internet.formatted("ADSL", "036362699", 1000, "r3"));
		this.sides.write(Endpoint.INTERNET_SEND, "malformed number", internet.formatted("ADSL", "123", 1000, "r4"));
		this.sides.write(Endpoint.INTERNET_SEND, "unknown value", internet.formatted("ADSL", "036362680", 1234, "r5"));
		this.sides.write(Endpoint.INTERNET_SEND, "value as text",
				internet.formatted("ADSL", "036362680", "'1000'", "r6"));
		this.sides.write(Endpoint.INTERNET_SEND, "unknown type", internet.formatted("FIBRE", "036362680", 1000, "r7"));
		this.sides.write(Endpoint.INTERNET_SEND, "no number", "{'type':'ADSL','value':1000}");
		this.sides.write(Endpoint.INTERNET_SEND, "no object", "[]");
		this.sides.await(Endpoint.INTERNET_BY_ID, "$card", "FULFILLED");
		this.sides.await(Endpoint.INTERNET_BY_ID, "$4g", "FULFILLED");
		this.sides.await(Endpoint.INTERNET_BY_ID, "$back", "REFUNDED");
		this.sides.await(Endpoint.INTERNET_BY_ID, "$late", "QUEUED");
		this.sides.await(Endpoint.INTERNET_BY_ID, "$open", "HANDLING");
		for (String order : List.of("card", "4g", "back", "late", "open")) {
			this.sides.read(Endpoint.INTERNET_BY_ID, STATES.get(order), "$" + order);
			this.sides.read(Endpoint.INTERNET_BY_REF, STATES.get(order), "net-" + order);
		}
		this.sides.read(Endpoint.INTERNET_BY_ID, "unknown id", NOBODYS);
		this.sides.read(Endpoint.INTERNET_BY_ID, "no id", "none");
		this.sides.read(Endpoint.INTERNET_BY_REF, "unknown reference", "net-none");
		listed(Endpoint.INTERNET_LIST);
	}

	private void mobile() {
		this.sides.read(Endpoint.PLANS, "all");
		String mobile = "{'plan_code':'%s','MSSIDN':'%s','amount':%s,'ref':'%s'}";
		sent(Endpoint.MOBILE_SEND, "dynamic plan", mobile.formatted("PREPAID_MOBILIS", "0660000080", 200, "mob-card"),
				"mcard");
		sent(Endpoint.MOBILE_SEND, "fixed plan", mobile.formatted("MIX500_MOBILIS", "0660000180", 500, "mob-fixed"),
				"mfixed");
		sent(Endpoint.MOBILE_SEND, "menu plan", mobile.formatted("GETMENU_Mobilis", "0660000280", 0, "mob-menu"),
				"mmenu");
		sent(Endpoint.MOBILE_SEND, "refunded later", mobile.formatted("PREPAID_MOBILIS", "0660000083", 100, "mob-back"),
				"mback");
		sent(Endpoint.MOBILE_SEND, "refunded later with offers",
				mobile.formatted("PREPAID_MOBILIS", "0660000098", 100, "mob-offers"), "moffers");
		sent(Endpoint.MOBILE_SEND, "unclear later", mobile.formatted("PREPAID_MOBILIS", "0660000084", 100, "mob-late"),
				"mlate");
		sent(Endpoint.MOBILE_SEND, "handled for long",
				mobile.formatted("PREPAID_MOBILIS", "0660000089", 100, "mob-open"), "mopen");
		this.sides.write(Endpoint.MOBILE_SEND, "used `ref`",
				mobile.formatted("PREPAID_MOBILIS", "0660000080", 200, "mob-card"));
		this.sides.write(Endpoint.MOBILE_SEND, "balance too low",
				mobile.formatted("PREPAID_MOBILIS", "0660000099", 200, "m1"));
		this.sides.write(Endpoint.MOBILE_SEND, "refused number",
				mobile.formatted("PREPAID_MOBILIS", "0660000097", 200, "m2"));
		this.sides.write(Endpoint.MOBILE_SEND, "malformed number",
				mobile.formatted("PREPAID_MOBILIS", "123", 200, "m3"));
		this.sides.write(Endpoint.MOBILE_SEND, "number of another operator",
				mobile.formatted("PREPAID_MOBILIS", "0770000080", 200, "m4"));
		this.sides.write(Endpoint.MOBILE_SEND, "unknown plan", mobile.formatted("NO_PLAN", "0660000080", 200, "m5"));
		this.sides.write(Endpoint.MOBILE_SEND, "withdrawn plan",
				mobile.formatted("SPECIAL_2000", "0770000080", 2000, "m6"));
		this.sides.write(Endpoint.MOBILE_SEND, "amount out of range",
				mobile.formatted("PREPAID_MOBILIS", "0660000080", 1, "m7"));
		this.sides.write(Endpoint.MOBILE_SEND, "amount as text",
				mobile.formatted("PREPAID_MOBILIS", "0660000080", "'200'", "m8"));
		this.sides.write(Endpoint.MOBILE_SEND, "no amount", "{'plan_code':'PREPAID_MOBILIS','MSSIDN':'0660000080'}");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mcard", "FULFILLED");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mfixed", "FULFILLED");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mmenu", "REFUNDED");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mback", "REFUNDED");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$moffers", "REFUNDED");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mlate", "UNKNOWN_ERROR");
		this.sides.await(Endpoint.MOBILE_BY_ID, "$mopen", "HANDLING");
		for (String order : List.of("card", "fixed", "menu", "back", "offers", "late", "open")) {
			this.sides.read(Endpoint.MOBILE_BY_ID, MOBILE_STATES.get(order), "$m" + order);
			this.sides.read(Endpoint.MOBILE_BY_REF, MOBILE_STATES.get(order), "mob-" + order);
		}
		this.sides.read(Endpoint.MOBILE_BY_ID, "unknown id", NOBODYS);
		this.sides.read(Endpoint.MOBILE_BY_REF, "unknown reference", "mob-none");
		listed(Endpoint.MOBILE_LIST);
	}

	private void giftCards() {
		this.sides.read(Endpoint.GIFT_CATALOG, "all");
		this.sides.read(Endpoint.GIFT_PRODUCT, "on sale", PSN);
		this.sides.read(Endpoint.GIFT_PRODUCT, "withdrawn", "507f1f77bcf86cd799439013");
		this.sides.read(Endpoint.GIFT_PRODUCT, "unknown product", NOBODYS);
		String gift = "{'productId':'%s','typeId':'%s','quantity':%s}";
		placed("filled later", gift.formatted(PSN, "type_001", 2), "gcards");
		placed("partly filled later", gift.formatted(PSN, "TEST_PARTIAL", 4), "gpart");
		placed("refunded later", gift.formatted(PSN, "TEST_REFUND", 2), "gback");
		placed("handled for long", gift.formatted(SIMULATED, "SIM_STUCK", 1), "gopen");
		this.sides.write(Endpoint.PLACE_ORDER, "unknown product", gift.formatted(NOBODYS, "type_001", 1));
		this.sides.write(Endpoint.PLACE_ORDER, "withdrawn product",
				gift.formatted("507f1f77bcf86cd799439013", "type_021", 1));
		this.sides.write(Endpoint.PLACE_ORDER, "unknown type", gift.formatted(PSN, "type_999", 1));
		this.sides.write(Endpoint.PLACE_ORDER, "out of stock", gift.formatted(PSN, "type_003", 1));
		this.sides.write(Endpoint.PLACE_ORDER, "balance too low",
				gift.formatted("507f1f77bcf86cd799439012", "type_011", 1000));
		this.sides.write(Endpoint.PLACE_ORDER, "quantity 0", gift.formatted(PSN, "type_001", 0));
		this.sides.write(Endpoint.PLACE_ORDER, "no type", "{'productId':'" + PSN + "','quantity':1}");
		this.sides.await(Endpoint.CHECK_ORDER, "$gcards", "FULFILLED");
		this.sides.await(Endpoint.CHECK_ORDER, "$gpart", "PARTIALLY_FILLED");
		this.sides.await(Endpoint.CHECK_ORDER, "$gback", "REFUNDED");
		this.sides.await(Endpoint.CHECK_ORDER, "$gopen", "HANDLING");
		this.sides.read(Endpoint.CHECK_ORDER, "FULFILLED", "$gcards");
		this.sides.read(Endpoint.CHECK_ORDER, "PARTIALLY_FILLED", "$gpart");
		this.sides.read(Endpoint.CHECK_ORDER, "REFUNDED", "$gback");
		this.sides.read(Endpoint.CHECK_ORDER, "HANDLING", "$gopen");
		this.sides.read(Endpoint.CHECK_ORDER, "unknown id", NOBODYS);
		listed(Endpoint.GIFT_LIST);
	}

	private void payments() {
		String link = "{'productInfo':{'title':'A card','amount':%s},'successMessage':'Thanks','redirectUrl':'https://shop.example/paid'}";
		this.sides.write(Endpoint.CREATE_LINK, "as documented", link.formatted(500), "/data/paymentRef", "link");
		this.sides.write(Endpoint.CREATE_LINK, "amount too small", link.formatted(1));
		this.sides.write(Endpoint.CREATE_LINK, "no product", "{}");
		this.sides.read(Endpoint.CHECK_PAYMENT, "PENDING", "$link");
		for (String key : List.of(DIRECT_KEY, GATEWAYS_KEY)) {
			SimulatedAccount account = this.gateway.upstream().account(key);
			account.settleLink(account.links().getFirst().ref(), "CONFIRMED");
		}
		this.sides.read(Endpoint.CHECK_PAYMENT, "CONFIRMED", "$link");
		this.sides.read(Endpoint.CHECK_PAYMENT, "unknown reference", "OCPL-AAAAAA-0000");
	}

	private void bills() {
		this.sides.read(Endpoint.PARTNERS, "all");
		String bill = "{'partner':'%s','account':{%s},'ref':'%s'}";
		String key = "'reference':'%s'";
		String good = key.formatted("0123456789012345678901234");
		found("with two bills", bill.formatted("ADE", good, "bill-good"), "good");
		found("to be declined", bill.formatted("ADE", key.formatted("0123456789012340000000004"), "bill-bad"), "bad");
		found("paid already", bill.formatted("ADE", key.formatted("0123456789012347777777777"), "bill-paid"), "paid");
		found("with a notice", bill.formatted("AADL", "'aadl':{'codeloc':'123456'}", "bill-aadl"), "aadl");
		this.sides.write(Endpoint.DISCOVER, "used `ref`", bill.formatted("ADE", good, "bill-good"));
		this.sides.write(Endpoint.DISCOVER, "malformed account", bill.formatted("ADE", key.formatted("12"), "b1"));
		this.sides.write(Endpoint.DISCOVER, "unknown partner", bill.formatted("NOBODY", good, "b2"));
		this.sides.write(Endpoint.DISCOVER, "no `ref`", "{'partner':'ADE','account':{" + good + "}}");
		this.sides.write(Endpoint.DISCOVER, "partner unavailable",
				bill.formatted("ADE", key.formatted("0123456789012345005005005"), "b3"));
		for (String transaction : List.of("$good", "$bad", "$paid", "$aadl")) {
			this.sides.await(Endpoint.BILL_BY_ID, transaction, "READY");
		}
		this.sides.read(Endpoint.BILL_BY_ID, "READY", "$good");
		this.sides.read(Endpoint.RECEIPT, "of an unpaid bill", "$good");
		String pay = "{'transactionId':'%1$s','billId':'bill_%1$s_0','ref':'%2$s'}";
		this.sides.write(Endpoint.PAY, "a bill", pay.formatted("$good", "pay-good"));
		this.sides.await(Endpoint.BILL_BY_ID, "$good", "SUCCESS");
		this.sides.write(Endpoint.PAY, "declined later", pay.formatted("$bad", "pay-bad"));
		this.sides.await(Endpoint.BILL_BY_ID, "$bad", "FAILED");
		this.sides.write(Endpoint.PAY, "paid already", pay.formatted("$paid", "pay-paid"));
		this.sides.write(Endpoint.PAY, "used `ref`", pay.formatted("$aadl", "bill-aadl"));
		this.sides.write(Endpoint.PAY, "unknown transaction", pay.formatted(NOBODYS, "pay-none"));
		this.sides.write(Endpoint.PAY, "no bill", "{'transactionId':'$aadl','ref':'pay-aadl'}");
		this.sides.read(Endpoint.BILL_LIST, "all", "limit=100");
		this.sides.read(Endpoint.BILL_LIST, "limit 0", "limit=0");
		this.sides.read(Endpoint.BILL_BY_REF, "SUCCESS", "ref=bill-good&partner=ADE");
		this.sides.read(Endpoint.BILL_BY_REF, "unknown reference", "ref=bill-none&partner=ADE");
		this.sides.read(Endpoint.BILL_BY_REF, "no partner", "ref=bill-good");
		this.sides.read(Endpoint.BILL_BY_ID, "SUCCESS", "$good");
		this.sides.read(Endpoint.BILL_BY_ID, "FAILED", "$bad");
		this.sides.read(Endpoint.BILL_BY_ID, "unknown id", NOBODYS);
		this.sides.read(Endpoint.RECEIPT, "a document", "$good");
		List.of(DIRECT_KEY, GATEWAYS_KEY)
			.forEach((account) -> this.gateway.upstream().account(account).setReceipt("image/png", 100_000));
		this.sides.read(Endpoint.RECEIPT, "a picture", "$good");
		this.sides.read(Endpoint.RECEIPT, "unknown id", NOBODYS);
		this.sides.read(Endpoint.NOTICE, "a document", "$aadl");
		this.sides.read(Endpoint.NOTICE, "of another partner", "$good");
	}

	private void found(String situation, String body, String name) {
		this.sides.write(Endpoint.DISCOVER, situation, body, "/data/transactionId", name);
	}

	private void listed(Endpoint list) {
		this.sides.read(list, "all", "pageSize=100");
		this.sides.read(list, "usual page");
		this.sides.read(list, "page behind the last", "page=9&pageSize=100");
		this.sides.read(list, "page size 0", "pageSize=0");
		this.sides.read(list, "page size 101", "pageSize=101");
		this.sides.read(list, "page as text", "page=one");
		this.sides.read(list, "only `from`", "from=2026-01-01T00:00:00.000Z");
		this.sides.read(list, "`from` is no time", "from=today&to=tomorrow");
		this.sides.read(list, "nothing between", "from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z");
	}

	private void sent(Endpoint endpoint, String situation, String body, String name) {
		this.sides.write(endpoint, situation, body, "/data/topupId", name);
	}

	private void placed(String situation, String body, String name) {
		this.sides.write(Endpoint.PLACE_ORDER, situation, body, "/data/orderId", name);
	}

	@ParameterizedTest
	@EnumSource
	void differsOnlyWhereItIsMeantTo(Endpoint endpoint) {
		assertThat(of(endpoint)).isNotEmpty()
			.allSatisfy((comparison) -> assertThat(comparison.differences()).as("%s", comparison)
				.allMatch((line) -> Difference.of(endpoint, line).isPresent()));
	}

	@ParameterizedTest
	@EnumSource
	void comparesASuccessAndARefusal(Endpoint endpoint) {
		assertThat(of(endpoint)).extracting((comparison) -> comparison.direct().status()).contains(200);
		assertThat(of(endpoint)).extracting((comparison) -> comparison.direct().status())
			.anyMatch((status) -> status >= 400);
	}

	@ParameterizedTest
	@EnumSource
	void namesNoDifferenceThatIsGone(Difference difference) {
		assertThat(this.comparisons.stream().flatMap(CompatibilityTest::named)).contains(difference);
	}

	@Test
	void comparesEachPathThatIsPublished() {
		Set<String> published = PublishedContract.shared()
			.document()
			.path("paths")
			.propertyNames()
			.stream()
			.filter((path) -> path.startsWith("/v3/"))
			.map((path) -> path.replaceAll("\\{\\w+}", "{}"))
			.collect(Collectors.toSet());

		assertThat(Stream.of(Endpoint.values()).map((endpoint) -> endpoint.path().replaceAll("\\{\\w+}", "{}")))
			.containsExactlyInAnyOrderElementsOf(published);
		assertThat(Stream.of(Endpoint.values()).map(Endpoint::number).distinct())
			.containsExactlyElementsOf(IntStream.rangeClosed(1, 29).boxed().toList());
	}

	@Test
	void pageIsWhatWasSeen() throws IOException {
		Files.writeString(SEEN, page());
		if (Boolean.getBoolean(REWRITE)) {
			Files.writeString(PAGE, page());
		}

		assertThat(Files.readString(PAGE)).as("run: mvn test -Dtest=CompatibilityTest -D%s=true", REWRITE)
			.isEqualTo(page());
	}

	private List<Comparison> of(Endpoint endpoint) {
		return this.comparisons.stream().filter((comparison) -> comparison.endpoint() == endpoint).toList();
	}

	private static Stream<Difference> named(Comparison comparison) {
		return comparison.differences().stream().flatMap((line) -> Difference.of(comparison.endpoint(), line).stream());
	}

	private String page() {
		return """
				<!-- Made from what was seen. Rewrite it with: mvn test -Dtest=CompatibilityTest -Dcompatibility.write=true -->
				# Compatibility

				Each endpoint of the upstream, asked directly and through the gateway, each time with an account of its own that holds the same orders in the same states. Compared are the HTTP status, the content type, which of the headers `X-Request-ID`, `X-RateLimit-*`, `Retry-After` and `Content-Disposition` are there, the path and JSON types of every field from the top level down, and its value; of files every byte. Of ids, times, card codes, serial numbers and balances only the type is compared: each side has its own. The upstream is the [simulator](simulator.md).

				Without a key and with an unknown one each endpoint but ping answers %s, apart from %s.

				What differs does so on purpose, and is explained below the table. A difference that has no name here fails the build, and so does a name without a difference.

				| # | Endpoint | Same answer to | Apart from |
				|---|---|---|---|
				%s

				## Differences

				| Name | |
				|---|---|
				%s
				"""
			.formatted(told(this.comparisons.stream().filter(CompatibilityTest::isAboutKeys)),
					apart(this.comparisons.stream().filter(CompatibilityTest::isAboutKeys)),
					Stream.of(Endpoint.values()).map(this::row).collect(Collectors.joining("\n")),
					Stream.of(Difference.values())
						.map((difference) -> "| %s | %s |".formatted(difference, difference.reason()))
						.collect(Collectors.joining("\n")));
	}

	private String row(Endpoint endpoint) {
		List<Comparison> seen = of(endpoint).stream().filter((comparison) -> !isAboutKeys(comparison)).toList();
		Map<String, List<String>> situations = seen.stream()
			.collect(Collectors.groupingBy(Comparison::told, TreeMap::new,
					Collectors.mapping(Comparison::situation, Collectors.toList())));
		String answers = situations.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
			.collect(Collectors.joining("; "));
		return "| %d | `%s` | %s | %s |".formatted(endpoint.number(), endpoint, answers, apart(seen.stream()));
	}

	private static boolean isAboutKeys(Comparison comparison) {
		return comparison.direct().status() == 401;
	}

	private static String told(Stream<Comparison> comparisons) {
		return comparisons.map(Comparison::told).distinct().sorted().collect(Collectors.joining(" and "));
	}

	private static String apart(Stream<Comparison> comparisons) {
		return comparisons.flatMap(CompatibilityTest::named)
			.distinct()
			.sorted()
			.map(Difference::toString)
			.collect(Collectors.joining(", "));
	}

}
