package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.RoutesUnderTest;
import dz.flexy.gateway.RoutesUnderTest.Answer;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Authority;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What readers of orders are answered. */
class OrderRoutesTest {

	private static final AnnotationConfigApplicationContext BEANS = beans();

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Direct direct = new Direct();

	private final RoutesUnderTest routes = routes();

	private final Caller shop = caller(SHOP, Optional.empty(), Scope.ORDERS_READ, Scope.CARDS_REVEAL);

	@ParameterizedTest
	@CsvSource({ "internet, internet/check-id, INTERNET", "internet, mobile/check-id, MOBILE",
			"mobile, mobile/check-id, MOBILE", "mobile, internet/check-id, INTERNET",
			"gift-cards, gift-cards/checkOrder, GIFT_CARD", "gift-cards, internet/check-id, INTERNET" })
	void anOrderIsFoundByItsIdInItsFamilyOnly(String family, String path, Family asked) {
		Order order = of(family, "r1");

		if (asked.label().equals(family)) {
			assertThat(get(this.shop, "/v3/" + path + "/" + order.id()).data().toString()).contains(order.id().value());
		}
		else {
			assertRefused(this.shop, "/v3/" + path + "/" + order.id(), "NOT_FOUND");
		}
	}

	@ParameterizedTest
	@CsvSource({ "internet", "mobile" })
	void anOrderIsFoundByItsRef(String family) {
		Order order = of(family, "r1");

		assertThat(get(this.shop, "/v3/" + family + "/check-ref/r1").data().path("_id").asString())
			.isEqualTo(order.id().value());
		assertRefused(this.shop, "/v3/" + family + "/check-ref/r2", "NOT_FOUND");
	}

	@Test
	void nobodyReadsAnothersOrderNorWithoutTheScope() {
		Order order = this.ledger.accept("r1");
		Caller other = caller(OTHER, Optional.empty(), Scope.ORDERS_READ);
		Caller sender = caller(SHOP, Optional.empty(), Scope.ORDERS_WRITE);

		for (String path : List.of("/v3/internet/check-id/" + order.id(), "/v3/internet/check-ref/r1",
				"/orders/" + order.id())) {
			assertRefused(other, path, "NOT_FOUND");
			assertRefused(sender, path, "INSUFFICIENT_SCOPE");
		}
	}

	@Test
	void aDeliveredOrderShowsItsCardToWhoeverMaySeeIt() {
		Order order = delivered("r1");
		Caller reader = caller(SHOP, Optional.empty(), Scope.ORDERS_READ);

		String path = "/v3/internet/check-id/" + order.id();
		assertThat(get(this.shop, path).data().path("card_code").asString()).isEqualTo("4711");
		assertThat(get(reader, path).data().has("card_code")).isFalse();
		assertThat(get(this.shop, "/orders/" + order.id() + "/card").data().path("card_code").asString())
			.isEqualTo("4711");
		assertRefused(reader, "/orders/" + order.id() + "/card", "INSUFFICIENT_SCOPE");
		assertRefused(this.shop, "/orders/" + this.ledger.accept("r2").id() + "/card", "NOT_FOUND");
	}

	/** Of callers who still send upstream, or did until now. */
	@Test
	void whatTheLedgerLacksIsAskedForUpstream() {
		Caller moved = caller(SHOP, Optional.of(Instant.now().plus(LIMIT)), Scope.ORDERS_READ);
		this.direct.shown = Mono.just(shown("theirs"));

		assertThat(get(moved, "/v3/internet/check-id/theirs").data()).isEqualTo(shown("theirs"));
		assertThat(get(moved, "/v3/internet/check-ref/theirs").data()).isEqualTo(shown("theirs"));
		assertRefused(this.shop, "/v3/internet/check-id/theirs", "NOT_FOUND");
		assertRefused(this.shop, "/v3/internet/check-ref/theirs", "NOT_FOUND");
		Order own = this.ledger.accept("r1");
		assertThat(get(moved, "/v3/internet/check-id/" + own.id()).data().path("_id").asString())
			.isEqualTo(own.id().value());
		assertThat(get(moved, "/v3/internet/check-ref/r1").data().path("_id").asString()).isEqualTo(own.id().value());
	}

	/** The one that its caller sent upstream counts, if it can be shown. */
	@Test
	void anOrderThatStandsForAnotherIsShownByItsIdOnly() {
		Caller moved = caller(SHOP, Optional.of(Instant.now().plus(LIMIT)), Scope.ORDERS_READ);
		Order refused = rejected("r1");
		await(this.ledger.database().sql("update orders_order set ask_first = true").fetch().rowsUpdated());
		this.direct.shown = Mono.just(shown("theirs"));

		assertThat(get(moved, "/v3/internet/check-ref/r1").data().path("_id").asString()).isEqualTo("theirs");
		assertThat(get(moved, "/v3/internet/check-id/" + refused.id()).data().path("_id").asString())
			.isEqualTo(refused.id().value());
		this.direct.shown = Mono.error(Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "down"));
		assertThat(get(moved, "/v3/internet/check-ref/r1").data().path("_id").asString())
			.isEqualTo(refused.id().value());

		this.direct.shown = Mono.just(shown("theirs"));
		for (String own : List.of("ask_first = false", "ask_first = true, sends = 1",
				"sends = 0, state = 'FULFILLED'")) {
			await(this.ledger.database().sql("update orders_order set " + own).fetch().rowsUpdated());
			assertThat(get(moved, "/v3/internet/check-ref/r1").data().path("_id").asString()).as(own)
				.isEqualTo(refused.id().value());
		}
	}

	@ParameterizedTest
	@CsvSource({ "internet, 3", "internet, 4", "mobile, 3" })
	void aListIsReadPageByPage(String family, int count) {
		for (int i = 0; i < count; i++) {
			of(family, "r" + i);
		}

		JsonNode data = get(this.shop, "/v3/" + family + "/list?page=2&pageSize=2").data();

		assertThat(data.path("items").findValuesAsString("_id")).hasSize(count - 2);
		assertThat(data.has("topups")).isEqualTo(family.equals("internet"));
		assertThat(data.path("pagination")).isEqualTo(JsonMapper.shared()
			.valueToTree(Map.of("page", 2, "pageSize", 2, "totalPages", 2, "totalResults", count)));
		assertRefused(caller(SHOP, Optional.empty()), "/v3/" + family + "/list", "INSUFFICIENT_SCOPE");
	}

	@Test
	void giftCardsHaveAListOfTheirOwn() {
		of("gift-cards", "g1");
		this.ledger.accept("r1");

		assertThat(get(this.shop, "/v3/gift-cards/list").data().path("items").size()).isOne();
	}

	@Test
	void theOrdersOfACallerAreReadByCursor() {
		List<Order> orders = List.of(this.ledger.accept("r1"), this.ledger.accept("r2"), this.ledger.accept("r3"));
		this.ledger.accept(OTHER, "r4");

		JsonNode first = get(this.shop, "/orders?limit=2").data();
		JsonNode second = get(this.shop, "/orders?limit=2&cursor=" + first.path("nextCursor").asString()).data();

		assertThat(first.path("items").findValuesAsString("orderId")).containsExactly(orders.get(2).id().value(),
				orders.get(1).id().value());
		assertThat(second.path("items").findValuesAsString("orderId")).containsExactly(orders.get(0).id().value());
		assertThat(second.has("nextCursor")).isFalse();
		assertThat(get(this.shop, "/orders?limit=3").data().has("nextCursor")).isFalse();
		assertThat(second.path("items").get(0).has("caller")).isFalse();
		assertRefused(this.shop, "/orders?caller=*", "INSUFFICIENT_SCOPE");
		assertRefused(this.shop, "/orders?caller=other", "INSUFFICIENT_SCOPE");
	}

	@Test
	void anOperatorReadsEverybodys() {
		Caller boss = caller(new CallerId("boss"), Optional.empty(), Scope.ORDERS_READ, Scope.OPERATOR);
		Order order = this.ledger.accept("r1");

		assertThat(get(boss, "/orders?caller=*").data().path("items").findValuesAsString("caller"))
			.containsExactly("shop");
		assertThat(get(boss, "/orders/" + order.id()).data().path("orderId").asString()).isEqualTo(order.id().value());
		assertRefused(boss, "/orders/" + "f".repeat(24), "NOT_FOUND");
		assertRefused(boss, "/orders/nothing", "NOT_FOUND");
	}

	@Test
	void anOrderIsShownWithItsHistoryAndToACustomerWithLess() {
		Order order = this.ledger.fulfilled("r1");

		JsonNode own = get(this.shop, "/orders/" + order.id()).data();
		JsonNode customers = this.routes
			.get(this.shop, "/orders/" + order.id(),
					Map.of(Authority.class.getName(), new Authority(this.shop, Mono.never(), true, Optional.empty())))
			.data();

		assertThat(own.path("events").size()).isPositive();
		assertThat(own.has("card")).isFalse();
		assertThat(customers.path("card").isBoolean()).isTrue();
	}

	@Test
	void anOrderIsKeptForTicketsForADayBeyondItsEnd() {
		TicketedOrders tickets = new TicketedOrders(this.ledger.store());
		Order open = this.ledger.accept("r1");
		Order over = this.ledger.fulfilled("r2");

		assertThat(await(tickets.left(SHOP, open.id().value()))).isGreaterThan(Duration.ofDays(300));
		assertThat(await(tickets.left(SHOP, over.id().value()))).isBetween(Duration.ofHours(23), Duration.ofHours(24));
		assertThat(tickets.left(OTHER, open.id().value()).blockOptional(LIMIT)).isEmpty();
		assertThat(tickets.left(SHOP, "nothing").blockOptional(LIMIT)).isEmpty();
	}

	private Order of(String family, String ref) {
		Item item = switch (family) {
			case "gift-cards" -> new Item.GiftCards("p", "t", 1, BigDecimal.TEN, Optional.empty());
			case "mobile" -> new Item.TopUp("PREPAID_DJEZZY", "0770000001", BigDecimal.TEN, Optional.empty());
			default -> new Item.TopUp("ADSL", "036362608", BigDecimal.TEN, Optional.empty());
		};
		Family sold = Family.SOLD.stream().filter((one) -> one.label().equals(family)).findFirst().orElseThrow();
		return await(this.ledger.orders()
			.accept(new NewOrder(this.shop, sold, Optional.of(ref), item, Duration.ofMinutes(2), Optional.empty(),
					Optional.empty())));
	}

	private Order delivered(String ref) {
		return await(this.ledger.orders()
			.deliver(this.ledger.handled(ref), OrderState.FULFILLED, Optional.of(new Card("4711", "t-1", null)),
					Change.note()));
	}

	private Order rejected(String ref) {
		return await(this.ledger.orders()
			.reject(this.ledger.accept(ref), Problem.of(ErrorCode.DUPLICATED_REF, "used").money(false, false)));
	}

	private static ObjectNode shown(String id) {
		return (ObjectNode) JsonMapper.shared().readTree("{\"_id\":\"" + id + "\",\"status\":\"FULFILLED\"}");
	}

	private Answer get(Caller caller, String path) {
		return this.routes.get(caller, path);
	}

	private void assertRefused(Caller caller, String path, String code) {
		assertThat(catchThrowableOfType(Problem.class, () -> get(caller, path)).code()).as(path).isEqualTo(code);
	}

	private static Caller caller(CallerId id, Optional<Instant> directUntil, Scope... scopes) {
		return new Caller(id, ACCOUNT, Set.of(scopes), 1, LIMIT, Optional.empty(), BigDecimal.ONE, Optional.empty(),
				directUntil);
	}

	private RoutesUnderTest routes() {
		OrderListStore lists = new OrderListStore(this.ledger.database(),
				new OrderRow(new ProblemJson(JsonMapper.shared())));
		Reveals reveals = new Reveals(new RevealStore(this.ledger.database()),
				new CardVault(Ledger.properties(), new SecureRandom()));
		Envelope envelope = BEANS.getBean(Envelope.class);
		return new RoutesUnderTest(new OrderRoutes().orderReads(
				new LedgerHandler(this.ledger.orders(), lists, reveals, this.direct, Clock.systemUTC(), envelope),
				new OrderHandler(this.ledger.orders(), lists, this.ledger.events(), reveals, envelope)));
	}

	private static AnnotationConfigApplicationContext beans() {
		AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();
		beans.registerBean(Clock.class, Clock::systemUTC);
		beans.registerBean(JsonMapper.class, JsonMapper::shared);
		beans.registerBean(SecureRandom.class, () -> new SecureRandom());
		beans.scan(Envelope.class.getPackageName());
		beans.refresh();
		return beans;
	}

	/** What the upstream shows of orders that the gateway never saw. */
	private static final class Direct implements DirectOrders {

		private Mono<ObjectNode> shown = Mono.empty();

		@Override
		public Mono<ObjectNode> byId(AccountId account, Family family, String id) {
			return this.shown;
		}

		@Override
		public Mono<ObjectNode> byRef(AccountId account, Family family, String ref) {
			return this.shown;
		}

	}

}
