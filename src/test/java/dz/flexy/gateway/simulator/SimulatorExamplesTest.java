package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever body the upstream has published, the simulator can be brought to say. */
class SimulatorExamplesTest {

	private static final Path EXAMPLES = Path.of("src/test/resources/upstream");

	private static final String PSN = "507f1f77bcf86cd799439011";

	private static final String DISCOVERY = "{\"partner\":\"SONELGAZ\",\"account\":{\"contractNumber\":\"%s\"},\"ref\":\"d-1\"}";

	private static final FreshAccounts accounts = new FreshAccounts(120);

	private static final Map<String, Recipe> RECIPES = recipes();

	private final SettableClock clock = accounts.clock();

	private final FreshAccounts.Own own = accounts.next();

	private final SimulatorClient client = this.own.client();

	/**
	 * What leads to an answer like the example.
	 */
	@FunctionalInterface
	private interface Recipe {

		SimulatorClient.Response cook(SimulatorExamplesTest at) throws IOException;

		default Recipe drifting(Quirk... quirks) {
			return (at) -> {
				accounts.simulator().drift().on(quirks);
				return cook(at);
			};
		}

		default Recipe failing(Fault fault) {
			return (at) -> {
				accounts.simulator().faults().next(fault, RequestMatch.onKey(at.own.key()));
				return cook(at);
			};
		}

		default Recipe withoutId() {
			return drifting(Quirk.REQUEST_ID_MISSING);
		}

	}

	@AfterEach
	void calm() {
		accounts.calm();
	}

	@AfterAll
	static void close() {
		accounts.close();
	}

	@Test
	void eachExampleHasARecipe() {
		assertThat(RECIPES.keySet()).containsExactlyInAnyOrderElementsOf(examples().toList());
	}

	@ParameterizedTest
	@MethodSource("examples")
	void exampleCanBeProduced(String example) throws IOException {
		SimulatorClient.Response answer = RECIPES.getOrDefault(example, (at) -> {
			throw new IllegalStateException("no recipe");
		}).cook(this);

		if (example.endsWith(".html")) {
			assertThat(answer.json().isMissingNode()).isTrue();
			assertThat(answer.header("Content-Type")).startsWith("text/html");
		}
		else {
			String published = Files.readString(EXAMPLES.resolve(example));
			assertThat(Shape.of(answer.json())).isEqualTo(Shape.of(Json.read(published)));
		}
	}

	static Stream<String> examples() {
		try (Stream<Path> files = Files.walk(EXAMPLES, 2)) {
			return files.filter((file) -> file.getNameCount() == EXAMPLES.getNameCount() + 2)
				.map((file) -> EXAMPLES.relativize(file).toString())
				.sorted()
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Map<String, Recipe> recipes() {
		Map<String, Recipe> recipes = new TreeMap<>();
		core(recipes);
		internet(recipes);
		mobile(recipes);
		gifts(recipes);
		payments(recipes);
		bills(recipes);
		errors(recipes);
		keyErrors(recipes);
		billErrors(recipes);
		return recipes;
	}

	private static void core(Map<String, Recipe> recipes) {
		recipes.put("ping/documented.json", get("/v3/ping").withoutId());
		recipes.put("validate/documented.json", get("/v3/validate"));
		recipes.put("validate/of-bills.json", get("/v3/validate").drifting(Quirk.VALIDATE_OF_BILLS));
		recipes.put("account-balance/plain.json", get("/v3/account/balance").withoutId());
		recipes.put("account-balance/with-currency.json",
				get("/v3/account/balance").drifting(Quirk.CURRENCY_IN_BALANCE));
		recipes.put("account-transactions/full.json", get("/v3/account/transactions").withoutId());
		recipes.put("account-transactions/reduced.json",
				get("/v3/account/transactions").drifting(Quirk.TRANSACTIONS_REDUCED).withoutId());
	}

	private static void internet(Map<String, Recipe> recipes) {
		Recipe products = get("/v3/internet/products?type=ADSL").withoutId();
		recipes.put("internet-products/type-in-data.json", products);
		recipes.put("internet-products/type-in-meta.json", products.drifting(Quirk.PRODUCTS_TYPE_IN_META));
		recipes.put("internet-products/bare-array.json", products.drifting(Quirk.PRODUCTS_BARE_ARRAY));
		recipes.put("internet-check-number/adsl.json",
				get("/v3/internet/check-number?type=ADSL&number=036362608").withoutId());
		recipes.put("internet-check-number/4g.json",
				get("/v3/internet/check-number?type=4G&number=213472731602").withoutId());
		Recipe send = (at) -> at.client.send("036362608", "order-1");
		recipes.put("internet-send/prefixed.json", send.withoutId());
		recipes.put("internet-send/bare.json", send.drifting(Quirk.TOPUP_REF_BARE));
		recipes.put("internet-check/fulfilled.json",
				internetOrder("036362680").drifting(Quirk.CHECK_REF_BARE, Quirk.BARE_SUCCESS));
		recipes.put("internet-check/handling.json",
				internetOrder("036362689").drifting(Quirk.CHECK_REF_BARE).withoutId());
		recipes.put("internet-check/queued.json",
				internetOrder("036362684").drifting(Quirk.CHECK_REF_BARE).withoutId());
		recipes.put("internet-check/refunded.json",
				internetOrder("036362683").drifting(Quirk.CHECK_REF_BARE).withoutId());
		recipes.put("internet-check/prefixed.json", internetOrder("036362689").withoutId());
		Recipe list = after(internetOrder("036362680"), get("/v3/internet/list")).withoutId();
		recipes.put("internet-list/topups.json", list);
		recipes.put("internet-list/items.json", list.drifting(Quirk.INTERNET_LIST_ITEMS));
		recipes.put("internet-list/with-cards.json", list.drifting(Quirk.LIST_ROWS_WITH_CARD));
	}

	private static void mobile(Map<String, Recipe> recipes) {
		recipes.put("mobile-plans/documented.json", get("/v3/mobile/plans").withoutId());
		Recipe send = (at) -> at.client.sendMobile("0778037340", "order-1");
		recipes.put("mobile-send/prefixed.json", send.withoutId());
		recipes.put("mobile-send/bare.json", send.drifting(Quirk.TOPUP_REF_BARE));
		recipes.put("mobile-send/new-balance.json",
				send.drifting(Quirk.TOPUP_REF_BARE, Quirk.NEW_BALANCE_IN_SEND).withoutId());
		recipes.put("mobile-check/fulfilled.json", mobileOrder("0778037380", 0));
		recipes.put("mobile-check/pending.json", mobileOrder("0778037340", 0).withoutId());
		recipes.put("mobile-check/refunded.json", mobileOrder("0600000001", 3).withoutId());
		recipes.put("mobile-check/suggested-offers.json", mobileOrder("0600000002", 3).withoutId());
		recipes.put("mobile-check/unknown-error.json", mobileOrder("0778037384", 3).withoutId());
		recipes.put("mobile-check/every-field.json",
				mobileOrder("0600000002", 3).drifting(Quirk.MOBILE_FOLLOW_UPS).withoutId());
		recipes.put("mobile-check/success-failed.json",
				mobileOrder("0778037380", 0).drifting(Quirk.MOBILE_SUCCESS_FAILED).withoutId());
		recipes.put("mobile-check/camel-case.json",
				mobileOrder("0778037383", 3).drifting(Quirk.MOBILE_CAMEL_CASE, Quirk.MOBILE_SUCCESS_FAILED)
					.withoutId());
		Recipe two = (at) -> {
			at.client.sendMobile("0600000001", "order-1");
			at.client.sendMobile("0600000002", "order-2");
			at.clock.advance(Duration.ofSeconds(3));
			return at.client.get("/v3/mobile/list");
		};
		recipes.put("mobile-list/documented.json", two.withoutId());
	}

	private static void gifts(Map<String, Recipe> recipes) {
		recipes.put("gift-cards-catalog/documented.json",
				get("/v3/gift-cards/catalog").drifting(Quirk.META_WITHOUT_TIMESTAMP).withoutId());
		recipes.put("gift-cards-checkProduct/ids.json", get("/v3/gift-cards/checkProduct/" + PSN));
		recipes.put("gift-cards-checkProduct/underscored.json",
				get("/v3/gift-cards/checkProduct/" + PSN).drifting(Quirk.GIFT_IDS_UNDERSCORED, Quirk.BARE_SUCCESS));
		Recipe place = (at) -> at.gift("type_001", 1);
		recipes.put("gift-cards-placeOrder/documented.json", place);
		recipes.put("gift-cards-placeOrder/bare.json", place.drifting(Quirk.BARE_SUCCESS));
		recipes.put("gift-cards-placeOrder/order-ref.json", place.drifting(Quirk.ORDER_REF_IN_PLACE_ORDER).withoutId());
		recipes.put("gift-cards-checkOrder/handling.json", giftOrder("type_001", 2, 0).drifting(Quirk.BARE_SUCCESS));
		recipes.put("gift-cards-checkOrder/fulfilled.json",
				giftOrder("type_001", 2, 3).drifting(Quirk.GIFT_CHECK_WITHOUT_PRODUCT, Quirk.BARE_SUCCESS));
		recipes.put("gift-cards-checkOrder/every-field.json", giftOrder("type_001", 2, 3).withoutId());
		recipes.put("gift-cards-checkOrder/partially-filled.json", giftOrder("TEST_PARTIAL", 4, 3).withoutId());
		recipes.put("gift-cards-checkOrder/refunded.json", giftOrder("TEST_REFUND", 2, 3).withoutId());
		Recipe list = (at) -> {
			at.gift("type_001", 1);
			at.gift("TEST_REFUND", 1);
			at.clock.advance(Duration.ofSeconds(3));
			return at.client.get("/v3/gift-cards/list");
		};
		recipes.put("gift-cards-list/with-cards.json", list.drifting(Quirk.GIFT_ROWS_WITH_CARDS).withoutId());
		recipes.put("gift-cards-list/without-cards.json", list.withoutId());
	}

	private static void payments(Map<String, Recipe> recipes) {
		recipes.put("ocpay-createLink/documented.json", SimulatorExamplesTest::link);
		recipes.put("ocpay-checkPayment/pending.json", payment("PENDING"));
		recipes.put("ocpay-checkPayment/confirmed.json", payment("CONFIRMED"));
		recipes.put("ocpay-checkPayment/failed.json", payment("FAILED"));
		recipes.put("ocpay-checkPayment/sdk-details.json", payment("CONFIRMED").drifting(Quirk.PAYMENT_DETAILS_OF_SDK));
	}

	private static void bills(Map<String, Recipe> recipes) {
		recipes.put("bills-partners/documented.json", get("/v3/bills/partners"));
		recipes.put("bills-discover/documented.json", (at) -> at.discover("1234567890"));
		recipes.put("bills-pay/documented.json", (at) -> at.pay(at.ready("1234567890")));
		recipes.put("bills-transaction/pending.json", (at) -> at.transaction(at.id(at.discover("1234567890"))));
		recipes.put("bills-transaction/ready.json", (at) -> at.transaction(at.ready("1234567890")));
		recipes.put("bills-transaction/success.json", (at) -> at.paid("1234567890", 3));
		recipes.put("bills-transaction/refunded.json", (at) -> at.paid("6006006006", 63));
		recipes.put("bills-by-ref/documented.json", (at) -> {
			at.ready("1234567890");
			return at.client.get("/v3/bills/transactions/by-ref?ref=d-1&partner=SONELGAZ");
		});
		Recipe list = (at) -> {
			at.ready("1234567890");
			return at.client.get("/v3/bills/transactions");
		};
		recipes.put("bills-transactions/documented.json", list);
		recipes.put("bills-transactions/projected.json", list.drifting(Quirk.BILL_ROWS_PROJECTED));
	}

	private static void errors(Map<String, Recipe> recipes) {
		Recipe noStock = (at) -> at.client.send("036362698", "order-1");
		Recipe badNumber = (at) -> at.client.send("036362697", "order-1");
		Recipe noFunds = (at) -> at.client.send("036362699", "order-1");
		Recipe twice = (at) -> {
			at.client.send("036362608", "order-1");
			return at.client.send("036362608", "order-1");
		};
		recipes.put("errors/envelope.json", noStock.drifting(Quirk.EMPTY_DETAILS));
		recipes.put("errors/validation.json", (at) -> at.client.sendMobile("778037340", "order-1"));
		recipes.put("errors/phone.json", badNumber);
		recipes.put("errors/phone-other-code.json", badNumber.drifting(Quirk.INVALID_PHONE));
		recipes.put("errors/stock.json", noStock);
		recipes.put("errors/balance.json", noFunds);
		recipes.put("errors/balance-other-code.json", noFunds.drifting(Quirk.NO_BALANCE));
		recipes.put("errors/duplicated.json", twice);
		recipes.put("errors/duplicated-other-code.json", twice.drifting(Quirk.DUPLICATED_WITH_HYPHEN));
		recipes.put("errors/not-found.json", get("/v3/mobile/check-ref/none"));
		recipes.put("errors/internal.json", get("/v3/ping").failing(Fault.errorBeforeCommit()));
		recipes.put("errors/unavailable.json", get("/v3/ping").failing(Fault.unavailableBeforeCommit()));
		recipes.put("errors/limited.json", get("/v3/ping").failing(Fault.limited(Duration.ofSeconds(1))));
		recipes.put("errors/edge.html", get("/v3/ping").failing(Fault.htmlBeforeCommit(502)));
		recipes.put("errors/router.json", (at) -> at.client.post("/v3/internet/sent", "{}"));
		recipes.put("errors/message-at-top.json", noStock.drifting(Quirk.MESSAGE_AT_TOP));
		recipes.put("errors/message-in-data.json",
				get("/v3/ocpay/checkPayment/none").drifting(Quirk.MESSAGE_IN_DATA, Quirk.REQUEST_ID_IN_META));
		recipes.put("errors/code-in-message.json", noStock.drifting(Quirk.CODE_ONLY_IN_MESSAGE));
		recipes.put("errors/id-in-meta.json", get("/v3/ocpay/checkPayment/none").drifting(Quirk.REQUEST_ID_IN_META));
		recipes.put("errors/no-id.json", noStock.withoutId());
	}

	private static void keyErrors(Map<String, Recipe> recipes) {
		Recipe badKey = (at) -> at.client.as("bad").get("/v3/account/balance");
		recipes.put("errors/missing-key.json", (at) -> at.client.as("").get("/v3/account/balance"));
		recipes.put("errors/invalid-key.json", badKey);
		recipes.put("errors/invalid-key-other-code.json", badKey.drifting(Quirk.ERR_AUTH));
		recipes.put("errors/keys-unavailable.json", get("/v3/ping").failing(Fault.authUnavailable()));
		recipes.put("errors/address-blocked.json", (at) -> {
			SimulatorClient.Response last = badKey.cook(at);
			while (!last.code().equals("IP_BLOCKED")) {
				last = badKey.cook(at);
			}
			at.clock.advance(Duration.ofMinutes(15));
			return last;
		});
		recipes.put("errors/address-not-allowed.json", (at) -> {
			at.own.account().setAllowedAddresses(List.of("192.0.2.1"));
			return at.client.get("/v3/account/balance");
		});
		recipes.put("errors/key-disabled.json", (at) -> {
			at.own.account().setKeyEnabled(false);
			return at.client.get("/v3/account/balance");
		});
	}

	private static void billErrors(Map<String, Recipe> recipes) {
		recipes.put("errors/bill-account.json", (at) -> at.discover("x"));
		recipes.put("errors/bill-too-large.json", (at) -> at.discover("1".repeat(1024 * 1024)));
		recipes.put("errors/bill-partner.json", (at) -> {
			at.own.account().setBiller("SONELGAZ", false);
			return at.discover("1234567890");
		});
		Recipe underway = (at) -> {
			String id = at.ready("1234567890");
			at.pay(id);
			return at.pay(id);
		};
		recipes.put("errors/bill-underway.json", underway);
		recipes.put("errors/bill-paid.json", (at) -> {
			String id = at.ready("1234567890");
			at.pay(id);
			at.clock.advance(Duration.ofSeconds(3));
			return at.pay(id);
		});
	}

	private static Recipe get(String path) {
		return (at) -> at.client.get(path);
	}

	private static Recipe after(Recipe first, Recipe then) {
		return (at) -> {
			first.cook(at);
			return then.cook(at);
		};
	}

	private static Recipe internetOrder(String number) {
		return (at) -> {
			at.client.send(number, "order-1");
			at.clock.advance(Duration.ofSeconds(3));
			return at.client.get("/v3/internet/check-ref/order-1");
		};
	}

	private static Recipe mobileOrder(String number, int seconds) {
		return (at) -> {
			at.client.sendMobile(number, "order-1");
			at.clock.advance(Duration.ofSeconds(seconds));
			return at.client.get("/v3/mobile/check-ref/order-1");
		};
	}

	private static Recipe giftOrder(String type, int quantity, int seconds) {
		return (at) -> {
			String id = at.gift(type, quantity).data().path("orderId").asString();
			at.clock.advance(Duration.ofSeconds(seconds));
			return at.client.get("/v3/gift-cards/checkOrder/" + id);
		};
	}

	private static Recipe payment(String status) {
		return (at) -> {
			String ref = at.link().data().path("paymentRef").asString();
			at.own.account().settleLink(ref, status);
			return at.client.get("/v3/ocpay/checkPayment/" + ref);
		};
	}

	private SimulatorClient.Response link() throws IOException {
		return this.client.post("/v3/ocpay/createLink", """
				{"productInfo":{"title":"Premium Subscription","description":"Monthly","amount":5000},
				"feeMode":"NO_FEE","successMessage":"Thank you!","redirectUrl":"https://shop.example/done"}""");
	}

	private SimulatorClient.Response gift(String type, int quantity) throws IOException {
		return this.client.post("/v3/gift-cards/placeOrder",
				"{\"productId\":\"%s\",\"typeId\":\"%s\",\"quantity\":%d}".formatted(PSN, type, quantity));
	}

	private SimulatorClient.Response discover(String contract) throws IOException {
		return this.client.post("/v3/bills/discover", DISCOVERY.formatted(contract));
	}

	private String id(SimulatorClient.Response discovery) {
		return discovery.data().path("transactionId").asString();
	}

	private String ready(String contract) throws IOException {
		String id = id(discover(contract));
		this.clock.advance(Duration.ofSeconds(2));
		return id;
	}

	private SimulatorClient.Response pay(String id) throws IOException {
		String ref = "p-" + accounts.simulator().requests().all().size();
		return this.client.post("/v3/bills/pay",
				"{\"transactionId\":\"%1$s\",\"billId\":\"bill_%1$s_0\",\"ref\":\"%2$s\"}".formatted(id, ref));
	}

	private SimulatorClient.Response paid(String contract, int seconds) throws IOException {
		String id = ready(contract);
		pay(id);
		this.clock.advance(Duration.ofSeconds(seconds));
		return transaction(id);
	}

	private SimulatorClient.Response transaction(String id) throws IOException {
		return this.client.get("/v3/bills/transactions/" + id);
	}

}
