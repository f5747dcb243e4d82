package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Purchase;
import dz.flexy.gateway.upstream.Purchases;
import dz.flexy.gateway.upstream.Receipt;
import dz.flexy.gateway.upstream.TopupStatus;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Filling;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The account is not exclusive unless a test says so. The list is read after 1 s. */
@TestInstance(Lifecycle.PER_CLASS)
class GiftCardSettlingTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration WAIT = Duration.ofSeconds(1);

	private static final String PRODUCT = "507f1f77bcf86cd799439011";

	private LedgerUnderTest shared;

	private LedgerUnderTest exclusive;

	private int refs;

	@BeforeAll
	void start() {
		this.shared = LedgerUnderTest.start();
		this.exclusive = LedgerUnderTest.start(Map.of("gateway.upstream.accounts.main.exclusive", true));
	}

	@AfterAll
	void close() {
		this.shared.close();
		this.exclusive.close();
	}

	@Test
	void waitsBeforeItLooks() {
		Order order = unknown(this.shared, "type_001", 1);
		long lists = lists(this.shared);

		Order seen = settle(this.shared, LedgerUnderTest.readAfterSend(order, WAIT.minusMillis(500)));

		assertThat(seen.ending().candidates()).isNull();
		assertThat(this.shared.pause(seen)).isEqualTo(Duration.ofMillis(500));
		assertThat(lists(this.shared)).isEqualTo(lists);
	}

	@Test
	void oneCandidateOfASharedAccountIsTheOperators() {
		Order order = unknown(this.shared, "type_001", 2);
		String candidate = buy(this.shared, "type_001", 2);

		Order seen = settleLate(this.shared, order);

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.ending().candidates()).isEqualTo(candidate);
		assertThat(seen.flag()).contains("1 of the upstream's orders");
		assertThat(this.shared.due(seen)).isGreaterThan(Duration.ofHours(20));
	}

	@Test
	void noCandidateIsTheOperatorsToo() {
		Order seen = settleLate(this.shared, unknown(this.shared, "type_002", 7));

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.ending().candidates()).isEmpty();
		assertThat(seen.flag()).contains("0 of the upstream's orders");
	}

	@Test
	void theOnlyCandidateOfAnExclusiveAccountIsAdopted() {
		Order order = unknown(this.exclusive, "type_001", 2);
		String candidate = buy(this.exclusive, "type_001", 2);

		Order seen = settleLate(this.exclusive, order);

		assertThat(seen.upstreamId()).isEqualTo(candidate);
		assertThat(seen.state()).isIn(OrderState.HANDLING, OrderState.FULFILLED);
	}

	/** It may have been made by the send before. */
	@Test
	void afterAFurtherSendTheOnlyCandidateIsTheOperators() {
		Order order = unknown(this.exclusive, "type_001", 9);
		String candidate = buy(this.exclusive, "type_001", 9);
		Order again = this.exclusive.set(order, "sends = 2, sent_at = now() + interval '1 minute'");

		Order seen = settleLate(this.exclusive, again);

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.ending().candidates()).isEqualTo(candidate);
	}

	@Test
	void ofTwoCandidatesNoneIsAdopted() {
		Order order = unknown(this.exclusive, "type_001", 3);
		String one = buy(this.exclusive, "type_001", 3);
		String other = buy(this.exclusive, "type_001", 3);

		Order seen = settleLate(this.exclusive, order);

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.ending().candidates().split(" ")).containsExactlyInAnyOrder(one, other);
	}

	@Test
	void whatAnotherOrderOfOursHasIsNoCandidate() {
		Order order = unknown(this.exclusive, "type_002", 4);
		String others = buy(this.exclusive, "type_002", 4);
		Order other = accepted(this.exclusive, "type_011", 4);
		this.exclusive.apply(this.exclusive.begin(other), Change.to(OrderState.HANDLING).upstreamId(others));

		Order seen = settleLate(this.exclusive, order);

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.ending().candidates()).isEmpty();
	}

	@Test
	void ordersOfAnotherQuantityAreNoCandidates() {
		Order order = unknown(this.exclusive, "TEST_REFUND", 5);
		buy(this.exclusive, "TEST_REFUND", 6);
		buy(this.exclusive, "TEST_PARTIAL", 5);

		assertThat(settleLate(this.exclusive, order).ending().candidates()).isEmpty();
	}

	@Test
	void ordersFromBeforeTheSendAreNoCandidates() {
		String earlier = buy(this.exclusive, "TEST_PARTIAL", 8);
		Order order = unknown(this.exclusive, "TEST_PARTIAL", 8);
		Order later = this.exclusive.set(order,
				"first_sent_at = now() + interval '40 seconds', send_by = now() + interval '42 seconds'");

		Order seen = settleLate(this.exclusive, later);

		assertThat(seen.ending().candidates()).doesNotContain(earlier).isEmpty();
	}

	@Test
	void aRefusalInUnknownWordsStandsIfThereIsNoCandidate() {
		Order order = accepted(this.shared, "type_031", 1);
		Order doubted = this.shared.bean(Orders.class)
			.doubt(this.shared.begin(order), Problem.of("SHOP_CLOSED", 403, "closed"))
			.block(PATIENCE);

		Order seen = settle(this.shared, doubted);

		assertThat(seen.state()).isEqualTo(OrderState.REJECTED);
		assertThat(seen.refusal().orElseThrow().code()).isEqualTo("SHOP_CLOSED");
	}

	@Test
	void looksAgainWhereTheListCannotBeRead() {
		Order order = unknown(this.shared, "TEST_REFUND", 9);
		this.shared.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onRoute("/v3/gift-cards/list"));

		Order seen = settleLate(this.shared, order);

		assertThat(seen.ending().candidates()).isNull();
		assertThat(this.shared.pause(seen)).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void aListThatStaysUnreadableDoesNotCloseTheLaneForGood() {
		Order order = unknown(this.shared, "TEST_REFUND", 8);
		this.shared.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onRoute("/v3/gift-cards/list"));

		Order seen = settle(this.shared, LedgerUnderTest.readAfterSend(order, Duration.ofMinutes(11)));

		assertThat(seen.ending().candidates()).isEmpty();
		assertThat(seen.flag()).contains("cannot be read");
	}

	@Test
	void whatWasMadeLongAfterTheSendIsNoCandidate() {
		Order order = unknown(this.exclusive, "TEST_PARTIAL", 7);
		Order earlier = this.exclusive.set(order,
				"sent_at = now() - interval '5 minutes', send_by = now() - interval '5 minutes'");
		buy(this.exclusive, "TEST_PARTIAL", 7);

		assertThat(settle(this.exclusive, earlier).ending().candidates()).isEmpty();
	}

	@Test
	void onceTheCandidatesAreFixedNothingIsReadAnyMore() {
		Order fixed = settleLate(this.shared, unknown(this.shared, "TEST_PARTIAL", 9));
		long lists = lists(this.shared);
		buy(this.shared, "TEST_PARTIAL", 9);

		Order seen = settleLate(this.shared, fixed);

		assertThat(seen.ending().candidates()).isEmpty();
		assertThat(lists(this.shared)).isEqualTo(lists);
	}

	@Test
	void whatARowDoesNotShowMayBeEqualButIsNotCertain() {
		Order order = unknown(this.exclusive, "type_001", 2);
		Instant time = Settling.sentBy(order);
		GiftCardSettling settling = this.exclusive.bean(GiftCardSettling.class);

		Topup whole = row(PRODUCT, new Filling("type_001", 2, null, null, time, 0));
		assertThat(settling.mayBe(order, whole)).isTrue();
		assertThat(settling.isCertain(order, whole)).isTrue();
		assertThat(List.of(row(null, new Filling("type_001", 2, null, null, time, 0)),
				row(PRODUCT, new Filling(null, 2, null, null, time, 0)),
				row(PRODUCT, new Filling("type_001", null, null, null, time, 0)),
				row(PRODUCT, new Filling("type_001", 2, null, null, null, 0))))
			.allMatch((row) -> settling.mayBe(order, row))
			.noneMatch((row) -> settling.isCertain(order, row));
		assertThat(List.of(row("another", new Filling("type_001", 2, null, null, time, 0)),
				row(PRODUCT, new Filling("type_002", 2, null, null, time, 0)),
				row(PRODUCT, new Filling("type_001", 3, null, null, time, 0)),
				row(PRODUCT, new Filling("type_001", 2, null, null, time.minus(Duration.ofDays(1)), 0)),
				row(PRODUCT, new Filling("type_001", 2, null, null, time.plus(Duration.ofDays(1)), 0))))
			.noneMatch((row) -> settling.mayBe(order, row) || settling.isCertain(order, row));
	}

	private static Topup row(String product, Filling filling) {
		return new Topup("id", "", TopupStatus.HANDLING, product, null, null, null, Optional.empty(),
				Optional.of(filling), null, null);
	}

	private static Order settleLate(LedgerUnderTest ledger, Order order) {
		return settle(ledger, LedgerUnderTest.readAfterSend(order, WAIT));
	}

	private static Order settle(LedgerUnderTest ledger, Order order) {
		return ledger.bean(GiftCardSettling.class).settle(order).block(PATIENCE);
	}

	private Order unknown(LedgerUnderTest ledger, String type, int quantity) {
		return ledger.apply(ledger.begin(accepted(ledger, type, quantity)), Change.to(OrderState.SEND_UNKNOWN));
	}

	private Order accepted(LedgerUnderTest ledger, String type, int quantity) {
		ledger.execute("update orders_order set in_lane = false");
		Caller caller = new Caller(new CallerId("shop"), ledger.account().id(), Set.of(), 100, Duration.ofSeconds(60),
				Optional.empty());
		Item item = new Item.GiftCards(PRODUCT, type, quantity, BigDecimal.ZERO, Optional.empty());
		this.refs++;
		return ledger.bean(Orders.class)
			.accept(new NewOrder(caller, Family.GIFT_CARD, Optional.of("gift-" + this.refs), item,
					Duration.ofMinutes(2), Optional.empty(), Optional.empty()))
			.block(PATIENCE);
	}

	/** As if it were the lost one, or somebody else's. */
	private static String buy(LedgerUnderTest ledger, String type, int quantity) {
		Purchase purchase = new Purchase.GiftCards(PRODUCT, type, quantity);
		Receipt receipt = ledger.bean(Purchases.class)
			.send(Call.send(ledger.account(), PATIENCE), purchase, Mono.empty(), PATIENCE)
			.block(PATIENCE)
			.orThrow();
		return receipt.id();
	}

	private static long lists(LedgerUnderTest ledger) {
		return ledger.upstream().requests().count(RequestMatch.onRoute("/v3/gift-cards/list"));
	}

}
