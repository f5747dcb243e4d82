package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

/** What callers, their customers and the upstream's clients are shown of an order. */
class ViewsTest {

	private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

	private static final Item ADSL = new Item.TopUp("ADSL", "036362689", new BigDecimal("1000"),
			Optional.of(new BigDecimal("990")));

	private static final Item PLAN = new Item.TopUp("PREPAID", "0661234567", new BigDecimal("500"), Optional.empty());

	private static final Item CARDS = new Item.GiftCards("psn", "gold", 3, new BigDecimal("4500"), Optional.empty());

	private static final Card CARD = new Card("4711", "t-1", AT);

	@Test
	void theFullViewShowsWhatIsKnown() {
		Order order = order(Family.INTERNET, ADSL, OrderState.REJECTED, new BigDecimal("980"), null, "why");

		assertJson(OrderView.of(order),
				"""
						{"orderId": "0123456789abcdef01234567", "ref": "ref", "family": "internet", "product": "ADSL",
						 "number": "036362689", "value": 1000, "maxCost": 990, "cost": 980, "status": "REFUNDED",
						 "state": "REJECTED", "final": true, "reason": "why", "code": "ERR_STOCK",
						 "acceptedAt": "2026-01-02T03:04:05.000Z", "sendDeadline": "2026-01-02T03:06:05.000Z", "sends": 1,
						 "sentAt": "2026-01-02T03:04:05.000Z", "upstreamId": "theirs", "upstreamRef": "upstream-ref",
						 "finalAt": "2026-01-02T03:04:05.000Z", "attention": "look", "erasedAt": "2026-01-02T03:04:05.000Z"}""");
		assertThat(OrderView.withCaller(order)).containsEntry("caller", "shop").containsEntry("ref", "ref");
	}

	@Test
	void theFullViewLeavesOutWhatIsNotKnown() {
		Order order = Ledger.sent(Family.GIFT_CARD, CARDS, AT, AT);

		assertJson(OrderView.of(order), """
				{"orderId": "0123456789abcdef01234567", "ref": "ref", "family": "gift-cards", "product": "psn",
				 "type": "gold", "quantity": 3, "value": 4500, "status": "HANDLING", "state": "SEND_UNKNOWN",
				 "final": false, "acceptedAt": "2026-01-02T03:04:05.000Z",
				 "sendDeadline": "2026-01-02T03:06:05.000Z", "sends": 1, "sentAt": "2026-01-02T03:04:05.000Z",
				 "upstreamRef": "upstream-ref"}""");
	}

	@Test
	void theHistoryShowsWhatIsKnownOfEachChange() {
		Map<String, Object> view = OrderView.of(Ledger.sent(Family.INTERNET, ADSL, AT, AT),
				List.of(event(1, true, "why"), event(null, false, null)));

		assertJson(Map.of("events", view.get("events")), """
				{"events": [{"number": 1, "at": "2026-01-02T03:04:05.000Z", "state": "REFUNDED", "status": "REFUNDED",
				             "correction": true, "reason": "why"},
				            {"at": "2026-01-02T03:04:05.000Z", "state": "REFUNDED", "status": "REFUNDED"}]}""");
	}

	/** Neither cost, limit, upstream, flag nor the whole number. */
	@Test
	void theCustomerSeesHisBusinessOnly() {
		Order order = order(Family.INTERNET, ADSL, OrderState.REFUNDED, new BigDecimal("980"), null,
				"036362689 is unknown");

		assertJson(CustomerView.of(order, List.of(event(1, true, "why"), event(null, false, null)), caller()), """
				{"orderId": "0123456789abcdef01234567", "ref": "ref", "family": "internet", "product": "ADSL",
				 "number": "036****89", "value": 1000, "status": "REFUNDED", "state": "REFUNDED", "final": true,
				 "acceptedAt": "2026-01-02T03:04:05.000Z", "finalAt": "2026-01-02T03:04:05.000Z",
				 "reason": "036****89 is unknown", "code": "ERR_STOCK",
				 "events": [{"number": 1, "at": "2026-01-02T03:04:05.000Z", "state": "REFUNDED", "status": "REFUNDED",
				             "correction": true}], "card": false}""");
	}

	@Test
	void theCustomerIsToldOfACardThatTheCallerMayShowHim() {
		Order order = order(Family.INTERNET, ADSL, OrderState.FULFILLED, null, null, null);

		assertThat(CustomerView.of(order, List.of(), caller(Scope.CARDS_REVEAL))).containsEntry("card", true);
		assertThat(CustomerView.of(order, List.of(), caller())).containsEntry("card", false);
		assertThat(CustomerView.of(Ledger.sent(Family.INTERNET, ADSL, AT, AT), List.of(), caller(Scope.CARDS_REVEAL)))
			.containsEntry("card", false);
	}

	@Test
	void whyASendFailedIsTheCallers() {
		assertThat(CustomerView.reason(OrderState.REJECTED, "why", ADSL)).isNull();
		assertThat(CustomerView.reason(OrderState.SEND_UNKNOWN, "why", ADSL)).isNull();
		assertThat(CustomerView.reason(OrderState.REFUNDED, null, ADSL)).isNull();
		assertThat(CustomerView.reason(OrderState.REFUNDED, "why", CARDS)).isEqualTo("why");
		assertThat(CustomerView.reason(OrderState.REFUNDED, "to",
				new Item.TopUp("ADSL", "", BigDecimal.ONE, Optional.empty())))
			.isEqualTo("to");
	}

	@Test
	void shortNumbersAreNotMasked() {
		assertThat(CustomerView.masked("12345")).isEqualTo("12345");
		assertThat(CustomerView.masked("123456")).isEqualTo("123*56");
	}

	@Test
	void anInternetCardIsShownAsUpstream() {
		Order order = order(Family.INTERNET, ADSL, OrderState.FULFILLED, new BigDecimal("980"), null, "why");

		assertJson(LedgerView.of(order, Optional.of(CARD)), """
				{"_id": "0123456789abcdef01234567", "ref": "ref", "status": "FULFILLED", "type": "ADSL",
				 "number": "036362689", "topup_amount": 1000, "created_at": "2026-01-02T03:04:05.000Z",
				 "card_code": "4711", "num_trans": "t-1", "date_traitement": "2026-01-02T03:04:05.000Z"}""");
		assertJson(LedgerView.of(Family.INTERNET, new Card("4711", null, null)), """
				{"card_code": "4711"}""");
	}

	@Test
	void aMobileTopUpIsShownAsUpstream() {
		Order filled = order(Family.MOBILE, PLAN, OrderState.FULFILLED, new BigDecimal("480"), null, "why");
		Order refunded = order(Family.MOBILE, PLAN, OrderState.REFUNDED, new BigDecimal("480"), null, "why");

		assertJson(LedgerView.of(filled, Optional.empty()), """
				{"_id": "0123456789abcdef01234567", "ref": "ref", "status": "FULFILLED", "plan_code": "PREPAID",
				 "MSSIDN": "0661234567", "topup_amount": 500, "balance_amount": 480,
				 "created_at": "2026-01-02T03:04:05.000Z"}""");
		assertThat(LedgerView.of(refunded, Optional.empty())).containsEntry("balance_amount", BigDecimal.ZERO)
			.containsEntry("refund_message", "why")
			.containsKey("suggested_offers");
		assertThat(LedgerView.of(Ledger.sent(Family.MOBILE, PLAN, AT, AT), Optional.empty()))
			.doesNotContainKeys("balance_amount", "refund_message", "suggested_offers");
	}

	@Test
	void giftCardsAreShownAsUpstream() {
		Order filled = order(Family.GIFT_CARD, CARDS, OrderState.PARTIALLY_FILLED, new BigDecimal("3000"), 2, null);
		Order refunded = order(Family.GIFT_CARD, CARDS, OrderState.REFUNDED, new BigDecimal("3000"), 2, null);
		Order unpriced = Ledger.sent(Family.GIFT_CARD,
				new Item.GiftCards("psn", "gold", 3, BigDecimal.ZERO, Optional.empty()), AT, AT);
		Order priced = Ledger.sent(Family.GIFT_CARD, CARDS, AT, AT);

		assertJson(LedgerView.of(filled, Optional.empty()), """
				{"_id": "0123456789abcdef01234567", "ref": "ref", "status": "PARTIALLY_FILLED", "quantity": 3,
				 "fulfilled_quantity": 2, "fulfilled_amount": 3000, "price_per_card": 1450, "product": "psn",
				 "type": "gold", "time": "2026-01-02T03:04:05.000Z"}""");
		assertThat(LedgerView.of(refunded, Optional.empty())).containsEntry("fulfilled_quantity", 0)
			.containsEntry("fulfilled_amount", BigDecimal.ZERO)
			.doesNotContainKey("cards");
		assertThat(LedgerView.of(priced, Optional.empty())).containsEntry("price_per_card", new BigDecimal("1500"));
		assertThat(LedgerView.of(unpriced, Optional.empty())).doesNotContainKey("price_per_card");
		assertThat(LedgerView.alone(refunded, Optional.empty())).containsEntry("cards", List.of());
		assertThat(LedgerView.alone(priced, Optional.empty())).doesNotContainKey("cards");
		assertThat(LedgerView.alone(order(Family.INTERNET, ADSL, OrderState.REFUNDED, BigDecimal.ONE, null, null),
				Optional.empty()))
			.doesNotContainKey("cards");
		assertThat(LedgerView.of(Family.GIFT_CARD, CARD)).containsOnlyKeys("cards");
	}

	private static void assertJson(Map<String, Object> view, String json) {
		JsonMapper mapper = JsonMapper.shared();
		assertThat(mapper.readTree(mapper.writeValueAsString(view))).isEqualTo(mapper.readTree(json));
		assertThat(List.copyOf(view.keySet()))
			.isEqualTo(mapper.readTree(json).propertyStream().map(Map.Entry::getKey).toList());
	}

	private static Caller caller(Scope... scopes) {
		return new Caller(SHOP, ACCOUNT, Set.of(scopes), 1, LIMIT, Optional.empty());
	}

	private static OrderEvent event(@Nullable Integer number, boolean correction, @Nullable String reason) {
		return new OrderEvent(OrderEvent.Place.START, new OrderId("0123456789abcdef01234567"), SHOP,
				Optional.ofNullable(number), AT, OrderState.REFUNDED, OrderState.FULFILLED, "REFUNDED", "FULFILLED",
				correction, reason, Family.INTERNET, "ref", ADSL, BigDecimal.ONE);
	}

	/** With everything that an order may have. */
	private static Order order(Family family, Item item, OrderState state, @Nullable BigDecimal cost,
			@Nullable Integer fulfilled, @Nullable String reason) {
		Order sent = Ledger.sent(family, item, AT, AT);
		BigDecimal cardPrice = (fulfilled != null) ? new BigDecimal("1450") : null;
		return new Order(sent.id(), sent.account(), sent.caller(), family, sent.ref(), sent.upstreamRef(), item, state,
				2, 2, Optional.empty(), AT, AT, sent.sending(), cost, "theirs",
				Optional.of(Problem.of("ERR_STOCK", 403, "none left")), reason,
				new Ending("[1]", fulfilled, cardPrice, null), new SealedCard("sealed", "key", "t-1", AT), 0, "look",
				AT, AT);
	}

}
