package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Receipt;
import dz.flexy.gateway.upstream.Refusal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** What the outcome of a first send, and of a later one, makes of its order. */
@Isolated
@TestInstance(Lifecycle.PER_CLASS)
class AftermathTest {

	private static final Outcome<Receipt> TAKEN = new Outcome.Success<>(new Receipt("0123456789abcdef01234567"), "-");

	private static final Outcome<Receipt> UNCLEAR = new Outcome.MayHaveActed<>("ReadTimeoutException");

	private LedgerUnderTest ledger;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void aFirstSendThatIsTakenIsHandled() {
		Order after = after(this.ledger.sending(), TAKEN);

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.upstreamId()).isEqualTo("0123456789abcdef01234567");
	}

	/** Of gift cards nothing else would tell the upstream's id. */
	@Test
	void theUpstreamsIdIsStoredThoughTheFirstWritesFail() {
		this.ledger.execute("create sequence writes");
		this.ledger.execute("""
				create function shaky() returns trigger language plpgsql as
				'begin if nextval(''writes'') < 3 then raise exception ''shaky''; end if; return new; end'""");
		this.ledger.execute("""
				create trigger shaky before update on orders_order
				for each row when (new.upstream_id = 'stored-late') execute function shaky()""");

		Order after = after(this.ledger.sending(), taken("stored-late"));

		assertThat(after.upstreamId()).isEqualTo("stored-late");
	}

	/** Nothing else would ever tell, so that is tried for longer. */
	@Test
	void theUpstreamsIdOfGiftCardsIsStoredThoughTheDatabaseIsAwayForLong() {
		Order cards = cards(this.ledger.accepted());
		AtomicInteger tries = new AtomicInteger();
		Mono<String> shaky = Mono.fromCallable(() -> {
			if (tries.incrementAndGet() <= 10) {
				throw new IllegalStateException("no database");
			}
			return "stored";
		});

		VirtualTimeScheduler time = VirtualTimeScheduler.create();
		CompletableFuture<String> stored = shaky.retryWhen(Aftermath.untilStored(cards).scheduler(time)).toFuture();
		time.advanceTimeBy(Duration.ofMinutes(1));

		assertThat(stored).isCompletedWithValue("stored");
	}

	/** While the database was away, settling began to look for it. */
	@Test
	void anAnswerThatComesAfterTheFirstLookIsStoredYet() {
		Order sending = this.ledger.sending();
		this.ledger.apply(sending, Change.to(OrderState.SEND_UNKNOWN));

		Order after = after(sending, taken("overtaken"));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.upstreamId()).isEqualTo("overtaken");
	}

	@Test
	void anAnswerToAnEarlierSendIsNotALaterOnes() {
		Order first = this.ledger.sending();
		this.ledger.begin(this.ledger.apply(first, Change.to(OrderState.SEND_UNKNOWN)));

		assertThat(of(first, taken("earlier")).blockOptional()).isEmpty();
		assertThat(this.ledger.stored(first).state()).isEqualTo(OrderState.SENDING);
		assertThat(this.ledger.stored(first).upstreamId()).isNull();
	}

	@Test
	void anAnswerThatWasFoundOutOtherwiseChangesNothing() {
		Order found = this.ledger.sending();
		this.ledger.apply(found, Change.to(OrderState.PENDING).upstreamId("found"));
		Order named = this.ledger.sending();
		this.ledger.set(this.ledger.apply(named, Change.to(OrderState.SEND_UNKNOWN)), "upstream_id = 'named'");
		Order again = this.ledger.sending();
		this.ledger.set(this.ledger.apply(again, Change.to(OrderState.ACCEPTED)), "sends = 1");

		assertThat(of(found, taken("other-1")).blockOptional()).isEmpty();
		assertThat(of(named, taken("other-2")).blockOptional()).isEmpty();
		assertThat(of(again, taken("other-3")).blockOptional()).isEmpty();
		assertThat(this.ledger.stored(found).upstreamId()).isEqualTo("found");
		assertThat(this.ledger.stored(named).upstreamId()).isEqualTo("named");
		assertThat(this.ledger.stored(again).upstreamId()).isNull();
	}

	@Test
	void aLaterSendThatIsTakenIsHandled() {
		assertThat(after(second(), TAKEN).state()).isEqualTo(OrderState.HANDLING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ERR_PHONE", "ERR_STOCK", "INSUFFICIENT_BALANCE", "ERR_VALIDATION" })
	void aFirstSendThatIsRefusedIsRejectedInTheUpstreamsWords(String code) {
		Order after = after(this.ledger.sending(), refused(code));

		assertThat(after.state()).isEqualTo(OrderState.REJECTED);
		assertThat(after.reason()).startsWith("NOT_CHARGED: " + code + ": ");
		Problem refusal = after.refusal().orElseThrow();
		assertThat(refusal.code()).isEqualTo(code);
		assertThat(refusal.status()).isEqualTo(403);
		assertThat(refusal.details()).containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", true)
			.containsEntry("orderId", after.id().value());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ERR_PHONE", "ERR_STOCK", "INSUFFICIENT_BALANCE", "ERR_VALIDATION", "ERR_SURPRISE" })
	void aLaterSendThatIsRefusedStaysUnknown(String code) {
		Order after = after(second(), refused(code));

		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.refusal()).isEmpty();
		assertThat(after.sending().count()).isEqualTo(2);
	}

	@Test
	void unknownWordsAreLookedUpBeforeTheyAreBelieved() {
		Order after = after(this.ledger.sending(), refused("ERR_SURPRISE"));

		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.refusal().orElseThrow().code()).isEqualTo("ERR_SURPRISE");
		assertThat(this.ledger.pause(after)).isLessThanOrEqualTo(Duration.ZERO);
	}

	@Test
	void aKnownRefIsProofThatAnOrderArrived() {
		Order first = after(this.ledger.sending(), refused("DUPLICATED_REF"));
		Order later = after(second(), refused("DUPLICATED_REF"));

		assertThat(first.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(first.sending().arrived()).isTrue();
		assertThat(later.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(later.sending().arrived()).isTrue();
	}

	/** Somebody else's purchase with our reference proves nothing of our looks. */
	@Test
	void aFirstSendOfAKnownRefTellsNothingOfDelays() {
		Order first = this.ledger.set(this.ledger.sending(), "accepted_at = now() - interval '100 seconds'");

		after(first, refused("DUPLICATED_REF"));

		assertThat(this.ledger.bean(Delays.class).gap(first).block()).isLessThan(Duration.ofSeconds(100));
	}

	/** The proof of absence was wrong, so the next ones take longer. */
	@Test
	void aSecondSendOfAKnownRefTellsHowLateTheUpstreamIs() {
		Order second = this.ledger.set(second(),
				"family = 'mobile', sent_at = now(), send_by = now(), accepted_at = now() - interval '40 seconds'");

		after(second, refused("DUPLICATED_REF"));

		assertThat(this.ledger.bean(Delays.class).gap(second).block()).isBetween(Duration.ofSeconds(79),
				Duration.ofSeconds(82));
	}

	@Test
	void anUnclearSendIsLookedUpASecondLater() {
		Order first = after(this.ledger.sending(), UNCLEAR);
		Order later = after(second(), UNCLEAR);

		assertThat(first.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(first.sending().count()).isEqualTo(1);
		assertThat(this.ledger.pause(first)).isEqualTo(Duration.ofSeconds(1));
		assertThat(later.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(later.sending().count()).isEqualTo(2);
	}

	@Test
	void aFirstSendThatNeverLeftGoesBackToTheStart() {
		Order after = after(this.ledger.sending(), notSent(Duration.ofSeconds(7)));

		assertThat(after.state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(after.sending().count()).isZero();
		assertThat(this.ledger.pause(after)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
	}

	/** It has no reference that would tell a second one from the first. */
	@Test
	void giftCardsThatWereTurnedAwayAreNotAskedForAgain() {
		Order after = after(cards(this.ledger.sending()), turnedAway());

		assertThat(after.state()).isEqualTo(OrderState.REJECTED);
		Problem refusal = after.refusal().orElseThrow();
		assertThat(refusal.code()).isEqualTo(ErrorCode.UPSTREAM_UNAVAILABLE.name());
		assertThat(refusal.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
	}

	@Test
	void whatIsNotGiftCardsOrNeverLeftOrWentBeforeIsNotRejectedForIt() {
		assertThat(after(this.ledger.sending(), turnedAway()).state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(after(cards(this.ledger.sending()), notSent(Duration.ofSeconds(1))).state())
			.isEqualTo(OrderState.ACCEPTED);
		assertThat(after(cards(second()), turnedAway()).state()).isEqualTo(OrderState.SEND_UNKNOWN);
	}

	@Test
	void aLaterSendThatNeverLeftStaysUnknown() {
		Order after = after(second(), notSent(Duration.ofSeconds(7)));

		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(after.sending().count()).isEqualTo(1);
	}

	@Test
	void nothingIsTriedAgainWithoutAPause() {
		Order after = after(this.ledger.sending(), notSent(Duration.ZERO));

		assertThat(this.ledger.pause(after)).isPositive();
	}

	@Test
	void anOrderWhoseNextTryComesTooLateIsRejected() {
		Order left = tenSecondsLeft(this.ledger.sending());
		Order lefter = tenSecondsLeft(this.ledger.sending());

		assertThat(after(left, notSent(Duration.ofSeconds(10))).state()).isEqualTo(OrderState.ACCEPTED);
		Order rejected = after(lefter, notSent(Duration.ofMillis(10_001)));
		assertThat(rejected.state()).isEqualTo(OrderState.REJECTED);
		assertThat(rejected.refusal().orElseThrow().code()).isEqualTo(ErrorCode.NOT_SENT_IN_TIME.name());
	}

	@Test
	void anOrderThatMayHaveArrivedIsNeverRejectedForTime() {
		Order sent = tenSecondsLeft(second());
		Order unknown = this.ledger.unknown();
		Order late = LedgerUnderTest.readAt(unknown, unknown.sending().deadline().plusSeconds(1), unknown.sending());

		assertThat(after(sent, notSent(Duration.ofHours(1))).state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(neverBegun(late).state()).isEqualTo(OrderState.SEND_UNKNOWN);
	}

	@Test
	void aSendThatWasNotBegunLeavesItsOrderWhereItIs() {
		Order first = neverBegun(this.ledger.accepted());
		Order later = neverBegun(this.ledger.unknown());

		assertThat(first.state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(later.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(later.sending().count()).isEqualTo(1);
		assertThat(this.ledger.pause(later)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
	}

	@Test
	void anOrderThatMayNotBeBegunInTimeIsRejected() {
		assertThat(neverBegun(tenSecondsLeft(this.ledger.accepted())).state()).isEqualTo(OrderState.ACCEPTED);

		Order accepted = this.ledger.accepted();
		Order late = LedgerUnderTest.readAt(accepted, accepted.sending().deadline().minusSeconds(6),
				accepted.sending());
		assertThat(neverBegun(late).state()).isEqualTo(OrderState.REJECTED);
	}

	@Test
	void whatSomebodyElseChangedIsLeftAlone() {
		Order stale = this.ledger.sending();
		this.ledger.apply(stale, Change.to(OrderState.SEND_UNKNOWN));

		assertThat(of(stale, refused("ERR_PHONE")).blockOptional()).isEmpty();
		assertThat(this.ledger.stored(stale).state()).isEqualTo(OrderState.SEND_UNKNOWN);
	}

	private Order after(Order order, Outcome<Receipt> outcome) {
		return of(order, outcome).blockOptional(Duration.ofSeconds(20)).orElseThrow();
	}

	private Mono<Order> of(Order order, Outcome<Receipt> outcome) {
		return this.ledger.bean(Aftermath.class).of(this.ledger.account(), order, outcome);
	}

	private Order neverBegun(Order order) {
		return this.ledger.bean(Aftermath.class)
			.neverBegun(order, new Outcome.NotSent<>(Fault.GATEWAY, "no permit in time", Duration.ofSeconds(7)))
			.block(Duration.ofSeconds(20));
	}

	private Order second() {
		return this.ledger.begin(this.ledger.unknown());
	}

	private static Order cards(Order order) {
		return LedgerUnderTest.as(order, Family.GIFT_CARD,
				new Item.GiftCards("507f1f77bcf86cd799439011", "type_001", 2, BigDecimal.ZERO, Optional.empty()));
	}

	private static Order tenSecondsLeft(Order order) {
		return LedgerUnderTest.readAt(order, order.sending().deadline().minusSeconds(10), order.sending());
	}

	private static Outcome<Receipt> taken(String id) {
		return new Outcome.Success<>(new Receipt(id), "-");
	}

	private static Outcome<Receipt> turnedAway() {
		return new Outcome.NotSent<>(Fault.UPSTREAM, "limited", Duration.ofSeconds(1), true);
	}

	private static Outcome<Receipt> notSent(Duration retryAfter) {
		return new Outcome.NotSent<>(Fault.UPSTREAM, "ConnectException", retryAfter);
	}

	private static Outcome<Receipt> refused(String code) {
		Optional<ErrorCode> known = ErrorCode.ofUpstream(code);
		return new Outcome.Refused<>(new Refusal(known, code, 403, "no", Map.of(), "req-1"));
	}

}
