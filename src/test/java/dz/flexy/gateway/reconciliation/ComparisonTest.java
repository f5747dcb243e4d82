package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.passthrough.PaymentBook;
import dz.flexy.gateway.reconciliation.Comparison.Verdict;
import dz.flexy.gateway.upstream.TopupStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonTest {

	private static final BigDecimal COST = new BigDecimal("980");

	private static final Instant TO = Instant.parse("2026-01-15T10:00:00Z");

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			FULFILLED,        FULFILLED,        980, 0,   -
			REFUNDED,         REFUNDED,         980, 980, -
			PARTIALLY_FILLED, PARTIALLY_FILLED, 1960, 980, -
			FULFILLED,        FULFILLED,        -,   -,   -
			FULFILLED,        FULFILLED,        0,   0,   -
			HANDLING,         HANDLING,         980, 0,   -
			QUEUED,           HANDLING,         980, 0,   -
			FULFILLED,        OTHER,            980, 0,   -
			FULFILLED,        FULFILLED,        990, 0,   AMOUNT_DIFFERS 10
			FULFILLED,        FULFILLED,        1960, 0,  AMOUNT_DIFFERS 980
			FULFILLED,        FULFILLED,        980, 980, AMOUNT_DIFFERS -980
			REFUNDED,         REFUNDED,         980, 0,   CHARGED_NOT_REFUNDED 980
			REFUNDED,         REFUNDED,         980, 900, CHARGED_NOT_REFUNDED 80
			REFUNDED,         REFUNDED,         0,   980, -
			REJECTED,         REFUNDED,         -,   -,   to REFUNDED STATUS_DIFFERS
			REJECTED,         FULFILLED,        980, 0,   to FULFILLED STATUS_DIFFERS
			REJECTED,         HANDLING,         980, 0,   STATUS_DIFFERS
			FULFILLED,        HANDLING,         980, 0,   STATUS_DIFFERS
			REFUNDED,         QUEUED,           980, 0,   STATUS_DIFFERS
			FULFILLED,        REFUNDED,         980, 980, to REFUNDED
			FULFILLED,        PARTIALLY_FILLED, 980, 0,   to PARTIALLY_FILLED
			REFUNDED,         FULFILLED,        980, 0,   to FULFILLED
			HANDLING,         FULFILLED,        980, 0,   behind
			QUEUED,           REFUNDED,         980, 980, behind
			SEND_UNKNOWN,     HANDLING,         980, 0,   behind
			ACCEPTED,         FULFILLED,        980, 0,   behind
			""")
	void tellsWhatDiffers(OrderState ours, TopupStatus theirs, BigDecimal out, BigDecimal back, String told) {
		Optional<Charge> charge = (out != null) ? Optional.of(new Charge(out, back)) : Optional.empty();

		assertThat(told(Comparison.of(ours(ours, true), theirs(theirs, "1000"), charge)))
			.isEqualTo((told != null) ? told : "");
	}

	@Test
	void comparesWhatWasOrdered() {
		assertThat(told(
				Comparison.of(ours(OrderState.HANDLING, false), theirs(TopupStatus.HANDLING, "500"), Optional.empty())))
			.isEqualTo("AMOUNT_DIFFERS -500");
		assertThat(told(Comparison.of(ours(OrderState.HANDLING, false), theirs(TopupStatus.HANDLING, "1000.00"),
				Optional.empty())))
			.isEmpty();
		assertThat(told(Comparison.of(new Ours(OrderState.HANDLING, null, 2, COST, false),
				new Theirs(TopupStatus.HANDLING, null, 3, null), Optional.empty())))
			.isEqualTo("AMOUNT_DIFFERS");
	}

	@Test
	void believesTheLedgerBeforeTheRow() {
		Theirs row = new Theirs(TopupStatus.FULFILLED, null, null, new BigDecimal("990"));

		assertThat(told(Comparison.of(ours(OrderState.FULFILLED, true), row, Optional.empty())))
			.isEqualTo("AMOUNT_DIFFERS 10");
		assertThat(told(Comparison.of(ours(OrderState.FULFILLED, true), row, Optional.of(Charge.NONE))))
			.isEqualTo("AMOUNT_DIFFERS 10");
		assertThat(told(
				Comparison.of(ours(OrderState.FULFILLED, true), row, Optional.of(new Charge(COST, BigDecimal.ZERO)))))
			.isEmpty();
	}

	/** Whatever is paid later can still be on its way. */
	@Test
	void judgesNoMoneyOfWhatHasJustEnded() {
		for (TopupStatus status : TopupStatus.values()) {
			for (OrderState state : EnumSet.of(OrderState.FULFILLED, OrderState.REFUNDED,
					OrderState.PARTIALLY_FILLED)) {
				Verdict verdict = Comparison.of(ours(state, false), theirs(status, "1000"),
						Optional.of(new Charge(new BigDecimal("5"), BigDecimal.ZERO)));
				assertThat(verdict.differences()).as("%s %s", state, status).isEmpty();
			}
		}
	}

	@Test
	void correctsNothingThatHasJustEnded() {
		for (OrderState state : EnumSet.of(OrderState.FULFILLED, OrderState.REJECTED)) {
			assertThat(told(Comparison.of(ours(state, false), theirs(TopupStatus.REFUNDED, "1000"), Optional.empty())))
				.isEmpty();
		}
	}

	/** Over everything that can be: what is corrected is legal, and ends the matter. */
	@Test
	void onlyLegalCorrectionsAndNoneTwice() {
		for (OrderState state : OrderState.values()) {
			for (TopupStatus status : TopupStatus.values()) {
				Verdict verdict = Comparison.of(ours(state, true), theirs(status, "1000"), Optional.empty());
				boolean ended = Set.of("FULFILLED", "PARTIALLY_FILLED", "REFUNDED").contains(status.name());
				assertThat(verdict.correction().isPresent()).as("%s %s", state, status)
					.isEqualTo(state.isFinal() && ended && !state.name().equals(status.name()));
				verdict.correction().ifPresent((end) -> {
					assertThat(state.mayBecome(end)).isTrue();
					assertThat(Comparison.of(ours(end, true), theirs(status, "1000"), Optional.empty()).isClean())
						.isTrue();
				});
				assertThat(verdict.behind() && state.isFinal()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			NOT_TAKEN,         530, 0,   CHARGED_NOT_REFUNDED
			NOT_TAKEN,         530, 530, -
			UNKNOWN,           530, 0,   STATUS_DIFFERS
			UNKNOWN NOT_TAKEN, 530, 0,   STATUS_DIFFERS
			NOT_TAKEN TAKEN,   530, 0,   -
			TAKEN,             530, 0,   -
			NOT_TAKEN OPEN,    530, 0,   -
			""")
	void comparesPayments(String tries, BigDecimal out, BigDecimal back, BreakClass told) {
		List<PaymentBook.Entry> entries = new ArrayList<>();
		for (String outcome : tries.split(" ")) {
			entries.add(new PaymentBook.Entry("p" + entries.size(), "t", PaymentBook.Outcome.valueOf(outcome),
					TO.minusSeconds(5), TO));
		}

		assertThat(PaymentComparison.of(entries, new Charge(out, back), TO).map(Difference::kind))
			.isEqualTo(Optional.ofNullable(told));
		assertThat(PaymentComparison.of(entries, new Charge(out, back), TO.minusSeconds(1))).isEmpty();
	}

	private static Ours ours(OrderState state, boolean ended) {
		return new Ours(state, new BigDecimal("1000"), null, COST, ended && state.isFinal());
	}

	private static Theirs theirs(TopupStatus status, String value) {
		return new Theirs(status, new BigDecimal(value), null, null);
	}

	private static String told(Verdict verdict) {
		String differences = verdict.differences()
			.stream()
			.map((difference) -> difference.kind()
					+ ((difference.amount() != null) ? " " + difference.amount().toPlainString() : ""))
			.collect(Collectors.joining(" "));
		String correction = verdict.correction().map((end) -> "to " + end + " ").orElse("");
		return (correction + differences + (verdict.behind() ? "behind" : "")).strip();
	}

}
