package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SimulatorGiftTest {

	private static final String PSN = "507f1f77bcf86cd799439011";

	/** The product of the simulator's own types. */
	private static final String OWN = "507f1f77bcf86cd799439099";

	private static final FreshAccounts accounts = new FreshAccounts(40);

	private final SettableClock clock = accounts.clock();

	private final FreshAccounts.Own own = accounts.next();

	private final SimulatorClient client = this.own.client();

	private final SimulatedAccount account = this.own.account();

	@AfterEach
	void calm() {
		accounts.calm();
	}

	@AfterAll
	static void close() {
		accounts.close();
	}

	@Test
	void catalogueCountsWhatItShows() throws IOException {
		JsonNode body = this.client.get("/v3/gift-cards/catalog").json();

		List<JsonNode> products = new ArrayList<>();
		body.path("data").path("categories").forEach((category) -> category.path("products").forEach(products::add));
		assertThat(body.path("meta").path("totalCategories").intValue())
			.isEqualTo(body.path("data").path("categories").size());
		assertThat(body.path("meta").path("totalProducts").intValue()).isEqualTo(products.size());
		assertThat(products).extracting((product) -> product.path("enabled").booleanValue()).contains(true, false);
	}

	@Test
	void orderIsHandledAndFulfilledWithItsCards() throws IOException {
		String id = order(PSN, "type_001", 2);

		assertThat(check(id).propertyNames()).containsExactly("_id", "status", "quantity", "product", "type", "time");
		this.clock.advance(Duration.ofSeconds(3));
		JsonNode filled = check(id);
		assertThat(filled.path("status").asString()).isEqualTo("FULFILLED");
		assertThat(filled.path("fulfilled_quantity").intValue()).isEqualTo(2);
		assertThat(filled.path("fulfilled_amount").intValue()).isEqualTo(980);
		assertThat(filled.path("cards")).hasSize(2).doesNotHaveDuplicates();
		assertThat(this.account.balance()).isEqualByComparingTo("999020");
		assertThat(this.account.transactions().getLast()).returns("ORDER", LedgerRow::type)
			.returns(id, LedgerRow::objid);
		assertThat(stock("type_001")).isEqualTo(148);
	}

	@ParameterizedTest
	@CsvSource({ "TEST_REFUND,4,REFUNDED,0,1000000", "TEST_PARTIAL,4,PARTIALLY_FILLED,2,999000",
			"TEST_PARTIAL,5,PARTIALLY_FILLED,2,999000", "TEST_PARTIAL,1,REFUNDED,0,1000000",
			"SIM_AT_ONCE,1,FULFILLED,1,999500", "SIM_STUCK,1,HANDLING,0,999500" })
	void typeChoosesTheOutcomeAndTheRestIsPaidBack(String type, int quantity, String status, int cards, String balance)
			throws IOException {
		String id = order(type.startsWith("SIM") ? OWN : PSN, type, quantity);
		this.clock.advance(Duration.ofSeconds(3));

		assertThat(check(id).path("status").asString()).isEqualTo(status);
		assertThat(check(id).path("cards")).hasSize(cards);
		assertThat(this.account.balance()).isEqualByComparingTo(balance);
	}

	@Test
	void sandboxCostsNothingAndDeliversItsOwnCards() throws IOException {
		SimulatorClient sandbox = this.own.sandbox();
		String id = place(sandbox, PSN, "TEST_PARTIAL", "4").data().path("orderId").asString();
		this.clock.advance(Duration.ofSeconds(3));

		JsonNode order = sandbox.get("/v3/gift-cards/checkOrder/" + id).data();
		assertThat(order.path("cards").toString()).isEqualTo("[{\"value\":\"SANDBOX-CARD-1\",\"serial\":\"SANDBOX-1\"},"
				+ "{\"value\":\"SANDBOX-CARD-2\",\"serial\":\"SANDBOX-2\"}]");
		assertThat(order.path("price_per_card").intValue()).isZero();
		assertThat(sandbox.get("/v3/account/balance").data().path("balance").intValue()).isEqualTo(1_000_000);
		assertThat(this.client.get("/v3/gift-cards/checkOrder/" + id).status()).isEqualTo(404);
	}

	@Test
	void eachRequestIsAnotherOrderWhateverItsRef() throws IOException {
		String body = "{\"productId\":\"" + PSN + "\",\"typeId\":\"type_001\",\"quantity\":1,\"ref\":\"same\"}";
		this.client.post("/v3/gift-cards/placeOrder", body);
		this.client.post("/v3/gift-cards/placeOrder", body);

		assertThat(this.account.giftOrders()).hasSize(2);
		assertThat(this.account.orders()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "507f1f77bcf86cd799439011,type_001,0,400,ERR_VALIDATION",
			"507f1f77bcf86cd799439011,type_001,-1,400,ERR_VALIDATION",
			"507f1f77bcf86cd799439011,type_001,1.5,400,ERR_VALIDATION",
			"507f1f77bcf86cd799439011,type_001,\"1\",400,ERR_VALIDATION",
			"507f1f77bcf86cd799439011,type_001,1000000000,400,ERR_STOCK",
			"507f1f77bcf86cd799439011,type_003,1,400,ERR_STOCK",
			"507f1f77bcf86cd799439011,type_999,1,400,ERR_VALIDATION",
			"507f1f77bcf86cd799439013,type_021,1,400,ERR_VALIDATION", "none,type_001,1,400,ERR_VALIDATION",
			"507f1f77bcf86cd799439012,type_011,900,403,INSUFFICIENT_BALANCE" })
	void badOrderIsRefusedAndChangesNothing(String product, String type, String quantity, int status, String code)
			throws IOException {
		SimulatorClient.Response refused = place(this.client, product, type, quantity);

		assertThat(refused.status()).isEqualTo(status);
		assertThat(refused.code()).isEqualTo(code);
		assertThat(this.account.giftOrders()).isEmpty();
		assertThat(this.account.balance()).isEqualByComparingTo("1000000");
		assertThat(stock("type_001")).isEqualTo(150);
	}

	@Test
	void rowsHaveCardsOnlyIfTold() throws IOException {
		order(PSN, "TEST_PARTIAL", 2);
		order(PSN, "type_001", 1);
		this.clock.advance(Duration.ofSeconds(3));

		JsonNode page = this.client.get("/v3/gift-cards/list?pageSize=1").data();
		assertThat(page.path("pagination").path("totalPages").intValue()).isEqualTo(2);
		assertThat(page.path("items").get(0).path("type").asString()).isEqualTo("type_001");
		assertThat(page.path("items").get(0).has("cards")).isFalse();
		accounts.simulator().drift().on(Quirk.GIFT_ROWS_WITH_CARDS);
		assertThat(this.client.get("/v3/gift-cards/list").data().path("items").get(1).path("cards")).hasSize(1);
	}

	@Test
	void cardsComeLate() throws IOException {
		String id = order(OWN, "SIM_CARDS_LATE", 1);
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(check(id).path("cards")).isEmpty();
		assertThat(check(id).path("cards")).isEmpty();
		assertThat(check(id).path("cards")).hasSize(1);
	}

	@Test
	void answerIsLostAndTheOrderHiddenForAWhile() throws IOException {
		assertThatThrownBy(() -> order(OWN, "SIM_LATE_ARRIVAL", 1)).isInstanceOf(IOException.class);
		String id = this.account.giftOrders().getFirst().id();

		this.clock.advance(Duration.ofSeconds(29));
		assertThat(this.client.get("/v3/gift-cards/checkOrder/" + id).status()).isEqualTo(404);
		assertThat(this.client.get("/v3/gift-cards/list").data().path("items")).isEmpty();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(check(id).path("status").asString()).isEqualTo("FULFILLED");
	}

	@Test
	void scriptedFaultsMeetOrdersToo() throws IOException {
		accounts.simulator().faults().next(Fault.errorBeforeCommit(), RequestMatch.onSend());
		accounts.simulator().faults().next(Fault.answerLost(), RequestMatch.onSend());

		assertThat(place(this.client, PSN, "type_001", "1").status()).isEqualTo(500);
		assertThat(this.account.giftOrders()).isEmpty();
		assertThatThrownBy(() -> order(PSN, "type_001", 1)).isInstanceOf(IOException.class);
		assertThat(this.account.giftOrders()).hasSize(1);
		assertThat(accounts.simulator().requests().count(RequestMatch.onSend().and(RequestMatch.onKey(this.own.key()))))
			.isEqualTo(2);
	}

	@Test
	void ownerSettlesPartOfAnOrder() throws IOException {
		String id = order(PSN, "type_001", 5);

		this.account.settleGift(id, "PARTIALLY_FILLED", 3);

		assertThat(check(id).path("cards")).hasSize(3);
		assertThat(this.account.giftOrders().getFirst().charged()).isEqualByComparingTo("1470");
		assertThat(this.account.balance()).isEqualByComparingTo("998530");
		assertThat(this.account.transactions().getLast().type()).isEqualTo("REFUND-ORDER");
	}

	@Test
	void ownerChangesTheShelf() throws IOException {
		this.account.stockGift("type_003", 1);
		this.account.sellGift("507f1f77bcf86cd799439013", true);

		assertThat(place(this.client, PSN, "type_003", "1").status()).isEqualTo(200);
		assertThat(place(this.client, "507f1f77bcf86cd799439013", "type_021", "1").status()).isEqualTo(200);
	}

	@Test
	void tableHasARowForEachOutcome() {
		assertThat(GiftOutcome.table().lines()).hasSize(GiftOutcome.values().length + 2);
		assertThat(accounts.simulator().describe()).contains(GiftOutcome.table());
	}

	private String order(String product, String type, int quantity) throws IOException {
		return place(this.client, product, type, Integer.toString(quantity)).data().path("orderId").asString();
	}

	private static SimulatorClient.Response place(SimulatorClient by, String product, String type, String quantity)
			throws IOException {
		return by.post("/v3/gift-cards/placeOrder",
				"{\"productId\":\"%s\",\"typeId\":\"%s\",\"quantity\":%s}".formatted(product, type, quantity));
	}

	private JsonNode check(String id) throws IOException {
		return this.client.get("/v3/gift-cards/checkOrder/" + id).data();
	}

	private int stock(String type) throws IOException {
		for (JsonNode row : this.client.get("/v3/gift-cards/checkProduct/" + PSN).data().path("types")) {
			if (row.path("id").asString().equals(type)) {
				return row.path("quantity").intValue();
			}
		}
		return -1;
	}

}
