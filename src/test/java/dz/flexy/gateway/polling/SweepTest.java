package dz.flexy.gateway.polling;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Purchase;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Purchases;
import dz.flexy.gateway.upstream.Receipt;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

class SweepTest {

	private static final String LIST = "GET /v3/internet/list";

	private static final String CHECK_ID = "GET /v3/internet/check-id/{id}";

	/** Seven calls in a beat, fewer than are read alone at least. */
	private LedgerUnderTest ledger = started(50);

	@BeforeEach
	void passTheKeyCheck() {
		buy("first");
		this.ledger.upstream().requests().clear();
	}

	@AfterEach
	void close() {
		this.ledger.close();
	}

	@Test
	void makesNoCallWhileNothingIsDue() {
		this.ledger.accepted();
		this.ledger.unknown();
		this.ledger.set(bought(), "due_at = now() + interval '1 minute'");
		this.ledger.set(bought(), "state = 'REFUNDED'");
		this.ledger.upstream().requests().clear();

		sweep();

		assertThat(calls()).isEmpty();
	}

	@Test
	void asksForOneOrderAloneById() {
		Order order = bought();
		settle(order, "REFUNDED");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(CHECK_ID, 1));
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.REFUNDED);
	}

	@Test
	void asksForSeveralByOneList() {
		Order refunded = bought();
		Order open = bought();
		settle(refunded, "REFUNDED");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(LIST, 1));
		assertThat(this.ledger.stored(refunded).state()).isEqualTo(OrderState.REFUNDED);
		assertThat(this.ledger.stored(open).state()).isEqualTo(OrderState.HANDLING);
	}

	@Test
	void ordersTenMinutesApartShareAList() {
		sentAt(bought(), "10:00:00");
		sentAt(bought(), "10:10:00");

		sweep();

		assertThat(calls()).containsEntry(LIST, 1);
	}

	@Test
	void ordersFurtherApartDoNot() {
		sentAt(bought(), "10:00:00");
		sentAt(bought(), "10:10:00.001");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(CHECK_ID, 2));
	}

	@Test
	void asksByIdForWhatACompleteListDoesNotShow() {
		Order elsewhere = bought();
		Order listed = bought();
		settle(elsewhere, "REFUNDED");
		sentAt(elsewhere, "10:00:00");
		sentAt(listed, "10:00:00");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 2));
		assertThat(this.ledger.stored(elsewhere).state()).isEqualTo(OrderState.REFUNDED);
	}

	@Test
	void looksAtAFewAloneWhereTheListFailed() {
		Order first = bought();
		Order second = bought();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("list"));

		sweep();

		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 2));
		assertThat(this.ledger.stored(first).version()).isEqualTo(first.version());
		assertThat(this.ledger.stored(second).version()).isEqualTo(second.version());
	}

	@Test
	void followsTheOthersWhereOneCannotBeFollowed() {
		Order stuck = bought();
		Order other = bought();
		settle(stuck, "REFUNDED");
		settle(other, "REFUNDED");
		this.ledger.bean(DatabaseClient.class)
			.sql("alter table orders_order add constraint stuck check (id <> '" + stuck.id()
					+ "' or state <> 'REFUNDED')")
			.then()
			.block(Duration.ofSeconds(20));

		sweep();

		assertThat(this.ledger.stored(stuck).state()).isEqualTo(OrderState.HANDLING);
		assertThat(this.ledger.stored(other).state()).isEqualTo(OrderState.REFUNDED);
	}

	@Test
	void fetchesTheCardThatTheListDoesNotShow() {
		Order delivered = bought();
		bought();
		settle(delivered, "FULFILLED");

		sweep();

		assertThat(this.ledger.stored(delivered).state()).isEqualTo(OrderState.FULFILLED);
		assertThat(this.ledger.stored(delivered).flag()).isNull();
	}

	/** A list would only show once more that they lack their cards. */
	@Test
	void whatLacksItsCardOnlyIsNotLookedForInListsAgain() {
		List<Order> delivered = IntStream.range(0, 11).mapToObj((i) -> bought()).toList();
		delivered.forEach((order) -> settle(order, "FULFILLED"));

		sweep();
		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 8));
		this.ledger.upstream().requests().clear();
		sweep();

		assertThat(calls()).containsOnly(Map.entry(CHECK_ID, 3));
		assertThat(delivered)
			.allSatisfy((order) -> assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.FULFILLED));
	}

	/** 48 of 50 are used, by whomever. */
	@Test
	void whileCallsAreScarceEverySecondSweepOnlyFetchesCards() {
		this.ledger.close();
		this.ledger = started(50, Duration.ofMinutes(1));
		Order delivered = bought();
		List<Order> others = IntStream.range(0, 5).mapToObj((i) -> bought()).toList();
		Order open = others.getLast();
		settle(delivered, "FULFILLED");
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("check-id"));
		this.ledger.execute("""
				update budget_usage set version = version + 1, charged = array[48],
				charged_at = array[(extract(epoch from now() + interval '1 minute') * 1000000)::bigint]""");
		sweep();
		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 1));
		this.ledger.upstream().requests().clear();
		this.ledger.execute("update orders_order set due_at = now() - interval '1 second'");
		settle(open, "REFUNDED");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(CHECK_ID, 1));
		assertThat(this.ledger.stored(delivered).state()).isEqualTo(OrderState.FULFILLED);
		assertThat(this.ledger.stored(open).state()).isEqualTo(OrderState.HANDLING);
		assertThat(this.ledger.due(open)).isNegative();
	}

	/** The other half is for the lists, and for whatever else needs calls. */
	@Test
	void asManyCardsAreReadAsTheAccountMakesCallsInHalfABeat() {
		this.ledger.close();
		this.ledger = started(200);
		List<Order> delivered = IntStream.range(0, 17).mapToObj((i) -> bought()).toList();
		delivered.forEach((order) -> settle(order, "FULFILLED"));

		sweep();

		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 15));
	}

	/** They are what callers wait for, and the tracking lane has few calls. */
	@Test
	void cardsAreReadInTheLaneThatSettles() {
		settle(bought(), "FULFILLED");
		settle(bought(), "FULFILLED");

		sweep();

		assertThat(this.ledger.bean(MeterRegistry.class)
			.get("gateway.upstream.calls")
			.tags("endpoint", "internet.check-id", "lane", "settle")
			.timer()
			.count()).isEqualTo(2);
	}

	/** Else the oldest would not be looked at again for hours. */
	@Test
	void aCardThatIsNotAskedForIsNotLookedFor() {
		Order delivered = bought();
		bought();
		settle(delivered, "FULFILLED");
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("check-id")).always();
		sweep();
		this.ledger.set(delivered, "due_at = now() - interval '1 second'");
		this.ledger.upstream().refuseConnections(true);

		sweep();

		assertThat(this.ledger.stored(delivered).state()).isEqualTo(OrderState.HANDLING);
		assertThat(this.ledger.due(delivered)).isNegative();
	}

	/** Else its caller would wait an hour for his card. */
	@Test
	void whatAListHasShownIsNotCalledForgotten() {
		Order delivered = bought();
		bought();
		settle(delivered, "FULFILLED");
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("check-id")).always();
		sweep();
		this.ledger.set(delivered, "due_at = now() - interval '1 second', sent_at = now() - interval '121 seconds'");
		this.ledger.upstream().faults().clear();
		this.ledger.upstream().faults().next(Fault.refused(404, "NOT_FOUND"), RequestMatch.onWord("check-id")).always();

		sweep();

		Order seen = this.ledger.stored(delivered);
		assertThat(seen.state()).isEqualTo(OrderState.HANDLING);
		assertThat(seen.flag()).isNull();
		assertThat(this.ledger.due(seen)).isLessThanOrEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void whatListsCanTellIsToldBeforeCardsAreRead() {
		settle(bought(), "FULFILLED");
		bought();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("check-id"));
		sweep();
		this.ledger.upstream().requests().clear();
		this.ledger.execute("update orders_order set due_at = now() - interval '1 second'");
		bought();

		sweep();

		assertThat(this.ledger.upstream().requests().all()).extracting(ReceivedRequest::path)
			.satisfiesExactly((path) -> assertThat(path).isEqualTo("/v3/internet/list"),
					(path) -> assertThat(path).contains("/check-id/"));
	}

	@Test
	void anOldOrderDoesNotStretchTheWindowOfTheYoung() {
		Order first = bought();
		Order second = bought();
		Order old = bought();
		this.ledger.set(old, "sent_at = now() - interval '121 seconds'");

		sweep();

		assertThat(calls()).containsOnly(Map.entry(LIST, 1), Map.entry(CHECK_ID, 1));
		assertThat(this.ledger.upstream().requests().where(RequestMatch.onWord("list"))).singleElement()
			.extracting((request) -> Instant.parse(request.query().get("from")))
			.satisfies((from) -> assertThat(from).isAfter(first.sending().at().minusSeconds(31))
				.isBefore(second.sending().at()));
	}

	/** Reads may lag behind the send. */
	@Test
	void looksAgainAtAYoungOrderThatTheUpstreamDoesNotShowYet() {
		Order unseen = this.ledger.handling("0123456789abcdef01234567");
		this.ledger.set(unseen, "sent_at = now() - interval '100 seconds'");

		sweep();

		assertThat(this.ledger.stored(unseen).flag()).isNull();
		assertThat(this.ledger.due(unseen)).isLessThanOrEqualTo(Duration.ZERO);
	}

	@Test
	void flagsAnOrderThatTheUpstreamForgot() {
		Order forgotten = this.ledger.handling("0123456789abcdef01234567");
		this.ledger.set(forgotten, "sent_at = now() - interval '121 seconds'");

		sweep();

		Order flagged = this.ledger.stored(forgotten);
		assertThat(flagged.state()).isEqualTo(OrderState.HANDLING);
		assertThat(flagged.flag()).isEqualTo("upstream no longer knows its id");
		assertThat(this.ledger.due(flagged)).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
	}

	/** The version of what was seen unchanged does not move, so the token has to tell. */
	@Test
	void aSweeperThatWasReplacedChangesNothing() {
		Order refunded = bought();
		Order open = bought();
		sweep(2);
		Order seen = this.ledger.set(open, "due_at = now() - interval '1 second'");
		settle(refunded, "REFUNDED");

		sweep(1);

		assertThat(calls()).containsEntry(LIST, 2);
		assertThat(this.ledger.stored(refunded).state()).isEqualTo(OrderState.HANDLING);
		assertThat(this.ledger.stored(open).version()).isEqualTo(seen.version());
		assertThat(this.ledger.due(open)).isNegative();
	}

	@Test
	void aReplacedSweeperDeliversNoCardEither() {
		Order delivered = bought();
		sweep(2);
		settle(delivered, "FULFILLED");

		sweep(1);
		assertThat(this.ledger.stored(delivered).state()).isEqualTo(OrderState.HANDLING);
		sweep(2);
		assertThat(this.ledger.stored(delivered).state()).isEqualTo(OrderState.FULFILLED);
	}

	@Test
	void aReplacedSweeperFlagsNothing() {
		Order forgotten = this.ledger.handling("0123456789abcdef01234567");
		this.ledger.set(forgotten, "sent_at = now() - interval '1 hour', fence = 2");

		sweep(1);

		assertThat(this.ledger.stored(forgotten).flag()).isNull();
	}

	@Test
	void looksLessOftenAtWhatIsOlder() {
		Order order = bought();
		this.ledger.set(order, "sent_at = now() - interval '2 hours'");

		sweep();

		assertThat(this.ledger.due(order)).isBetween(Duration.ofMinutes(14), Duration.ofMinutes(15));
	}

	/** As after a look that found nothing new it would be due in an hour. */
	@Test
	void aCallThatIsNotMadeIsNoLook() {
		Order order = bought();
		sentAt(order, "10:00:00");
		this.ledger.upstream().refuseConnections(true);

		sweep();

		assertThat(this.ledger.due(order)).isLessThanOrEqualTo(Duration.ZERO);
	}

	private static LedgerUnderTest started(int callsInTwoSeconds) {
		return started(callsInTwoSeconds, Duration.ofMillis(300));
	}

	private static LedgerUnderTest started(int callsInTwoSeconds, Duration beat) {
		return LedgerUnderTest.start(Map.of("gateway.upstream.response-timeout", "10s",
				"gateway.upstream.accounts.main.limit", callsInTwoSeconds, "gateway.polling.sweep", beat));
	}

	/** Held by the sweeper whose token that is. */
	private void sweep(long token) {
		this.ledger.bean(Sweep.class)
			.run(this.ledger.account(), Family.INTERNET, new Lease("sweep-main", token))
			.block(Duration.ofSeconds(20));
	}

	private void sweep() {
		sweep(1);
	}

	private Map<String, Integer> calls() {
		return this.ledger.upstream().requests().perRoute();
	}

	/** Open, upstream as in the ledger. */
	private Order bought() {
		Order order = this.ledger.handling("none");
		String id = buy(order.upstreamRef());
		this.ledger.upstream().requests().clear();
		return this.ledger.set(order, "upstream_id = '" + id + "'");
	}

	private void settle(Order order, String status) {
		this.ledger.upstream().account("sim-key-1").settle(order.upstreamId(), status);
	}

	private void sentAt(Order order, String time) {
		this.ledger.set(order, "sent_at = '2026-01-15 " + time + "+00'");
	}

	private String buy(String ref) {
		Purchase purchase = new Purchase.Internet("ADSL", LedgerUnderTest.NUMBER, new BigDecimal("1000"), ref);
		Outcome<Receipt> outcome = this.ledger.bean(Purchases.class)
			.send(Call.send(this.ledger.account(), Duration.ofSeconds(20)), purchase, Mono.empty(),
					Duration.ofSeconds(20))
			.block(Duration.ofSeconds(20));
		return outcome.orThrow().id();
	}

}
