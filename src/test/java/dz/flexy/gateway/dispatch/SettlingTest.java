package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
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
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What one look makes of an order. Absence counts 4.5 s after the last first byte. */
@TestInstance(Lifecycle.PER_CLASS)
class SettlingTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration COUNTS = Duration.ofMillis(4500);

	private static final Duration TOO_EARLY = Duration.ofSeconds(1);

	private static final RequestMatch LIST = RequestMatch.onWord("list");

	private static final RequestMatch BY_REF = RequestMatch.onWord("check-ref");

	private LedgerUnderTest ledger;

	private Settling settling;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.settling = this.ledger.bean(Settling.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@AfterEach
	void clear() {
		this.ledger.upstream().faults().clear();
	}

	@Test
	void whatWasSentByAReplicaThatIsGoneIsUnknown() {
		Order order = this.ledger.sending();

		settle(order);

		Order after = this.ledger.stored(order);
		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.reason()).isEqualTo("sending broke off");
	}

	@Test
	void whatAListShowsIsThereAtOnce() {
		Order order = this.ledger.unknown();
		String id = buy(order);
		long asked = asked(order);

		settle(at(order, TOO_EARLY));

		Order after = this.ledger.stored(order);
		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.upstreamId()).isEqualTo(id);
		assertThat(asked(order)).isEqualTo(asked);
	}

	@Test
	void whatNoListShowsYetIsLookedForLater() {
		Order order = this.ledger.unknown();

		settle(at(order, TOO_EARLY));

		Order after = this.ledger.stored(order);
		assertThat(after.sending().absences()).isZero();
		assertThat(this.ledger.pause(after)).isEqualTo(TOO_EARLY);
		assertThat(asked(order)).isZero();
	}

	@Test
	void whatACompleteListLacksIsAskedForAlone() {
		Order order = this.ledger.unknown();

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).sending().absences()).isOne();
		assertThat(asked(order)).isOne();
	}

	@Test
	void aListThatCannotBeReadProvesNoAbsence() {
		Order order = this.ledger.unknown();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), LIST).always();

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).sending().absences()).isZero();
		assertThat(asked(order)).isOne();
	}

	@Test
	void anErrorProvesNoAbsence() {
		Order order = this.ledger.unknown();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), BY_REF).always();

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).sending().absences()).isZero();
	}

	@Test
	void anotherRefusalProvesNoAbsence() {
		Order order = this.ledger.unknown();
		this.ledger.upstream().faults().next(Fault.refused(403, "SHOP_CLOSED"), BY_REF).always();

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).sending().absences()).isZero();
	}

	@Test
	void whatNoListShowsIsFoundByItsRef() {
		Order order = this.ledger.unknown();
		String id = buy(order);
		this.ledger.upstream().account("sim-key-1").unlist(id);

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).upstreamId()).isEqualTo(id);
	}

	@Test
	void whatOneListLackedIsAskedForAloneTheSecondTime() {
		Order order = this.ledger.set(this.ledger.unknown(),
				"absences = 1, absent_at = now() - interval '1 second', sends = 3");
		long lists = lists();

		settle(at(order, COUNTS));

		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.REJECTED);
		assertThat(lists()).isEqualTo(lists);
	}

	@Test
	void whatTheUpstreamKnewIsAskedForByItsRefThoughNoAbsenceCounts() {
		Order order = this.ledger.apply(this.ledger.unknown(), Change.note().arrived());
		Order missed = this.ledger.set(this.ledger.apply(this.ledger.unknown(), Change.note().arrived()),
				"absences = 1, absent_at = now() - interval '1 second', sends = 3");

		settle(at(order, COUNTS), at(missed, COUNTS));

		assertThat(asked(order)).isOne();
		assertThat(this.ledger.stored(order).sending().absences()).isZero();
		assertThat(asked(missed)).isOne();
		assertThat(this.ledger.stored(missed).state()).isEqualTo(OrderState.SEND_UNKNOWN);
	}

	@Test
	void somethingElseUnderOurRefIsAPersons() {
		Order order = this.ledger.unknown();
		String id = buy(order, "036362688");

		settle(at(order, TOO_EARLY));

		Order after = this.ledger.stored(order);
		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.upstreamId()).isEqualTo(id);
		assertThat(after.sending().arrived()).isTrue();
		assertThat(after.flag()).isEqualTo("the upstream has another order under its ref");
		assertThat(this.ledger.pause(after)).isEqualTo(Duration.ofHours(1));
	}

	/** It is ours, but whether it is what was ordered only its own answer tells. */
	@Test
	void aRowThatLacksWhatWasOrderedIsReadByItsRef() {
		Order order = this.ledger.unknown();
		String id = buy(order);

		Order after = found(order, row(order, null, LedgerUnderTest.NUMBER, "1000"));

		assertThat(asked(order)).isOne();
		assertThat(after.upstreamId()).isEqualTo(id);
		assertThat(after.sending().arrived()).isTrue();
	}

	@Test
	void aRowThatLacksWhatWasOrderedIsNeverAbsent() {
		Order missing = this.ledger.unknown();
		Order known = this.ledger.apply(this.ledger.unknown(), Change.note().arrived());

		Order after = found(missing, row(missing, "ADSL", null, "1000"));
		Order again = found(known, row(known, "ADSL", LedgerUnderTest.NUMBER, null));

		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.sending().arrived()).isTrue();
		assertThat(after.version()).isEqualTo(missing.version() + 2);
		assertThat(again.version()).isEqualTo(known.version() + 1);
	}

	/** Rows of lists have no card. */
	@Test
	void whatAListShowsAsDeliveredIsReadForItsCard() {
		Order order = this.ledger.unknown();
		buy(order);
		this.ledger.upstream().account("sim-key-1").settleRef(order.upstreamRef(), "FULFILLED");

		settle(at(order, TOO_EARLY));

		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.FULFILLED);
		assertThat(this.ledger
			.row("select (card_code is not null)::text from orders_order where id = '" + order.id().value() + "'"))
			.isEqualTo("true");
	}

	@Test
	void whatIsFoundAfterALookMissedItTeachesADelay() {
		this.ledger.execute("delete from dispatch_delay");
		Order order = this.ledger.set(this.ledger.unknown(), "absences = 1, absent_at = now()");
		buy(order);

		settle(at(order, Duration.ofSeconds(40)));

		assertThat(this.ledger.bean(Delays.class).gap(order).block(PATIENCE)).isEqualTo(Duration.ofSeconds(80));
		this.ledger.execute("delete from dispatch_delay");
	}

	@Test
	void oneListAnswersForManyButOldOnesAreListedApart() {
		Order one = at(this.ledger.unknown(), COUNTS);
		Order other = at(this.ledger.unknown(), COUNTS);
		Order old = LedgerUnderTest.readAt(one, one.acceptedAt().plus(Duration.ofMinutes(10)).plusMillis(1),
				one.sending());
		Order justYoung = LedgerUnderTest.readAt(one, one.acceptedAt().plus(Duration.ofMinutes(10)), one.sending());
		long lists = lists();

		settle(one, other);
		assertThat(lists()).isEqualTo(lists + 1);
		settle(justYoung, other);
		assertThat(lists()).isEqualTo(lists + 2);
		settle(old, other);
		assertThat(lists()).isEqualTo(lists + 4);
	}

	@Test
	void oneThatCannotBeSettledKeepsNoOtherUnsettled() {
		Order broken = this.ledger.sending();
		Order missed = this.ledger.unknown();
		Order found = this.ledger.unknown();
		String id = buy(found);
		this.ledger.execute("""
				create function broken() returns trigger language plpgsql as
				'begin raise exception ''broken''; end'""");
		this.ledger.execute("create trigger broken before update on orders_order for each row when (new.id in ('"
				+ broken.id().value() + "', '" + missed.id().value() + "')) execute function broken()");

		settle(broken, at(missed, COUNTS), at(found, COUNTS));
		this.ledger.execute("drop trigger broken on orders_order");
		this.ledger.execute("drop function broken");

		assertThat(this.ledger.stored(broken).state()).isEqualTo(OrderState.SENDING);
		assertThat(this.ledger.stored(found).upstreamId()).isEqualTo(id);
	}

	@Test
	void giftCardsHaveTheirOwnWay() {
		Order cards = cards();

		settle(at(cards, Duration.ofSeconds(1)));

		assertThat(this.ledger.stored(cards).ending().candidates()).isEmpty();
		assertThat(asked(cards)).isZero();
	}

	@Test
	void anOperatorsLookFindsWhatIsListed() {
		Order order = this.ledger.unknown();
		String id = buy(order);

		assertThat(find(order)).isEqualTo(Settling.Finding.PRESENT);
		assertThat(this.ledger.stored(order).upstreamId()).isEqualTo(id);
		assertThat(asked(order)).isZero();
	}

	@Test
	void anOperatorsLookFindsWhatOnlyTheRefShows() {
		Order order = this.ledger.unknown();
		String id = buy(order);
		this.ledger.upstream().account("sim-key-1").unlist(id);

		assertThat(find(order)).isEqualTo(Settling.Finding.PRESENT);
		assertThat(this.ledger.stored(order).upstreamId()).isEqualTo(id);
	}

	@Test
	void anOperatorsLookProvesAbsenceOnlyWithACompleteList() {
		Order order = this.ledger.unknown();
		assertThat(find(order)).isEqualTo(Settling.Finding.ABSENT);

		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), LIST).always();
		assertThat(find(order)).isEqualTo(Settling.Finding.UNCLEAR);
	}

	@Test
	void anOperatorsLookProvesAbsenceOnlyByNotFound() {
		Order order = this.ledger.unknown();
		this.ledger.upstream().faults().next(Fault.refused(403, "SHOP_CLOSED"), BY_REF);
		assertThat(find(order)).isEqualTo(Settling.Finding.UNCLEAR);

		this.ledger.upstream().faults().clear();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), BY_REF).always();
		assertThat(find(order)).isEqualTo(Settling.Finding.UNCLEAR);
	}

	/** List pages end with what was just created, so time passes only for the ledger. */
	private Order at(Order order, Duration afterSend) {
		return LedgerUnderTest.readAfterSend(order, afterSend);
	}

	private void settle(Order... orders) {
		this.settling.settle(this.ledger.account(), List.of(orders)).block(PATIENCE);
	}

	private Order found(Order order, Topup row) {
		return this.settling.found(order, row, true).block(PATIENCE);
	}

	private static Topup row(Order order, @Nullable String product, @Nullable String number, @Nullable String value) {
		return new Topup("listed", order.upstreamRef(), TopupStatus.HANDLING, product, number,
				(value != null) ? new BigDecimal(value) : null, null, Optional.empty(), Optional.empty(), null, null);
	}

	private Settling.Finding find(Order order) {
		return this.settling.find(order).block(PATIENCE);
	}

	private long lists() {
		return this.ledger.upstream().requests().count(LIST);
	}

	private long asked(Order order) {
		return this.ledger.upstream().requests().count(BY_REF.and(RequestMatch.onRef(order.upstreamRef())));
	}

	private String buy(Order order) {
		return buy(order, LedgerUnderTest.NUMBER);
	}

	/** As if the send had got through. */
	private String buy(Order order, String number) {
		WebClient.create(this.ledger.upstream().baseUrl().toString())
			.post()
			.uri("/v3/internet/send")
			.header("X-Access-Token", "sim-key-1")
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", order.upstreamRef()))
			.retrieve()
			.bodyToMono(String.class)
			.block(PATIENCE);
		return this.ledger.upstream().account("sim-key-1").order(order.upstreamRef()).orElseThrow().id();
	}

	private Order cards() {
		Caller caller = new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100,
				Duration.ofSeconds(60), Optional.empty());
		Item item = new Item.GiftCards("507f1f77bcf86cd799439011", "type_001", 1, BigDecimal.ZERO, Optional.empty());
		Order order = this.ledger.bean(Orders.class)
			.accept(new NewOrder(caller, Family.GIFT_CARD, Optional.of("cards"), item, Duration.ofMinutes(2),
					Optional.empty(), Optional.empty()))
			.block(PATIENCE);
		return this.ledger.apply(this.ledger.begin(order), Change.to(OrderState.SEND_UNKNOWN));
	}

}
