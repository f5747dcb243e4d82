package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers may come for 4 s after the last first byte, and the margin is 0.5 s. */
@TestInstance(Lifecycle.PER_CLASS)
class AbsenceTest {

	private static final Duration COUNTS = Duration.ofMillis(4500);

	private static final Duration GAP = Duration.ofMillis(500);

	private LedgerUnderTest ledger;

	private Absence absence;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start(Map.of("gateway.dispatch.send-within", "10s"));
		this.absence = this.ledger.bean(Absence.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void countsFromTheLastPossibleAnswerOn() {
		Order order = this.ledger.unknown();

		assertThat(counts(order, Duration.ofSeconds(-1))).isFalse();
		assertThat(counts(order, COUNTS.minusNanos(1))).isFalse();
		assertThat(counts(order, COUNTS)).isTrue();
	}

	@Test
	void neverCountsOnceTheUpstreamKnewTheRef() {
		Order order = this.ledger.apply(this.ledger.unknown(), Change.note().arrived());

		assertThat(counts(order, Duration.ofDays(3))).isFalse();
	}

	@Test
	void countsAtOnceAfterARefusalInUnknownWords() {
		assertThat(counts(doubted(), Duration.ofSeconds(-1))).isTrue();
	}

	@Test
	void oneLookIsNotEnough() {
		Order order = this.ledger.unknown();

		Order seen = seen(order);

		assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(seen.sending().absences()).isEqualTo(1);
		assertThat(this.ledger.pause(seen)).isBetween(Duration.ofMillis(1), GAP);
		assertThat(sends(order)).isZero();
	}

	@Test
	void theSecondLookHasItSentAgainUnderTheSameRef() {
		Order order = this.ledger.unknown();

		Order sent = seen(aSecondAgo(seen(order)));

		assertThat(sent.state()).isEqualTo(OrderState.HANDLING);
		assertThat(sent.sending().count()).isEqualTo(2);
		assertThat(sends(order)).isEqualTo(1);
	}

	@Test
	void theSecondLookDoesNotCountBeforeTheGapIsOver() {
		Order once = seen(this.ledger.unknown());

		Order early = seen(once);

		assertThat(early.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(early.sending().absences()).isEqualTo(1);
		assertThat(this.ledger.pause(early)).isBetween(Duration.ofMillis(1), GAP);
		assertThat(sends(once)).isZero();
	}

	@Test
	void looksOfAnEarlierSendDoNotCountForTheNext() {
		Order resent = this.ledger.begin(seen(this.ledger.unknown()));

		assertThat(resent.sending().absences()).isZero();
	}

	@Test
	void sendsThreeTimesAtMost() {
		Order twice = lookedAtOnce(2);
		Order thrice = lookedAtOnce(3);

		assertThat(seen(twice).sending().count()).isEqualTo(3);
		assertRejected(seen(thrice), "SEND_FAILED");
		assertThat(sends(thrice)).isZero();
	}

	@Test
	void sendsNothingPastTheDeadline() {
		Order inTime = lookedAtOnce(1);
		Order late = lookedAtOnce(1);

		assertThat(seen(readAtDeadline(inTime, Duration.ZERO)).state()).isEqualTo(OrderState.HANDLING);
		assertRejected(seen(readAtDeadline(late, Duration.ofNanos(1))), "NOT_SENT_IN_TIME");
		assertThat(sends(late)).isZero();
	}

	@Test
	void believesARefusalInUnknownWordsOnceItIsAbsent() {
		assertRejected(seen(doubted()), "ERR_SURPRISE");
	}

	@Test
	void sendsNothingOnHold() {
		try (LedgerUnderTest held = LedgerUnderTest.start(Map.of("gateway.dispatch.hold", true))) {
			Order order = held.set(held.unknown(), "absences = 1, absent_at = now() - interval '1 second'");

			Order seen = held.bean(Absence.class).seen(order).block(Duration.ofSeconds(20));

			assertThat(seen.state()).isEqualTo(OrderState.SEND_UNKNOWN);
			assertThat(held.upstream().requests().sends()).isEmpty();
		}
	}

	/** Milliseconds since the last possible first byte, and until the next look. */
	@ParameterizedTest
	@CsvSource({ "-1000, 1000", "0, 1000", "1000, 1000", "4000, 500", "4500, 1000", "6500, 2000", "62500, 58000",
			"304500, 300000", "304501, 300000", "7200000, 300000" })
	void looksAsLateAgainAsItIsOld(long age, long pause) {
		Order order = LedgerUnderTest.readAfterSend(this.ledger.unknown(), Duration.ofMillis(age));

		Order later = this.absence.later(order).block(Duration.ofSeconds(20));

		assertThat(this.ledger.pause(later)).isEqualTo(Duration.ofMillis(pause));
	}

	@Test
	void looksAsLateAgainForWhatItNeverGivesUp() {
		Order arrived = this.ledger.apply(this.ledger.unknown(), Change.note().arrived());

		Order later = this.absence.later(LedgerUnderTest.readAfterSend(arrived, Duration.ofMinutes(1)))
			.block(Duration.ofSeconds(20));

		assertThat(this.ledger.pause(later)).isEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void callsAPersonAfterTenMinutes() {
		assertThat(flagAfter(Duration.ofMinutes(10))).isNull();
		assertThat(flagAfter(Duration.ofMinutes(10).plusMillis(1))).isEqualTo("unknown for 10 min");
	}

	@Test
	void doesNotReplaceAnEarlierFlag() {
		Order order = this.ledger.apply(this.ledger.unknown(), Change.note().flag("earlier"));

		Order later = this.absence.later(LedgerUnderTest.readAfterSend(order, Duration.ofHours(1))).block();

		assertThat(later.flag()).isEqualTo("earlier");
	}

	private String flagAfter(Duration age) {
		return this.absence.later(LedgerUnderTest.readAfterSend(this.ledger.unknown(), age)).block().flag();
	}

	private boolean counts(Order order, Duration afterSend) {
		return this.absence.counts(LedgerUnderTest.readAfterSend(order, afterSend));
	}

	private Order seen(Order order) {
		return this.absence.seen(order).block(Duration.ofSeconds(20));
	}

	private Order lookedAtOnce(int sends) {
		return this.ledger.set(this.ledger.unknown(),
				"absences = 1, absent_at = now() - interval '1 second', sends = " + sends);
	}

	private Order aSecondAgo(Order order) {
		return this.ledger.set(order, "absent_at = absent_at - interval '1 second'");
	}

	private Order doubted() {
		return this.ledger.bean(Orders.class)
			.doubt(this.ledger.sending(), Problem.of("ERR_SURPRISE", 400, "no"))
			.block(Duration.ofSeconds(20));
	}

	private static Order readAtDeadline(Order order, Duration after) {
		return LedgerUnderTest.readAt(order, order.sending().deadline().plus(after), order.sending());
	}

	private long sends(Order order) {
		return this.ledger.upstream()
			.requests()
			.sends()
			.stream()
			.filter((send) -> send.ref().equals(order.upstreamRef()))
			.count();
	}

	private static void assertRejected(Order order, String code) {
		assertThat(order.state()).isEqualTo(OrderState.REJECTED);
		assertThat(order.refusal().orElseThrow().code()).isEqualTo(code);
	}

}
