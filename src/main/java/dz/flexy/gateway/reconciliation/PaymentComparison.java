package dz.flexy.gateway.reconciliation;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

import dz.flexy.gateway.passthrough.PaymentBook;
import dz.flexy.gateway.passthrough.PaymentBook.Outcome;

/** Compares the tries to pay one bill with what the ledger charged for it. */
final class PaymentComparison {

	private PaymentComparison() {
	}

	/**
	 * Empty if they agree, or if one is still on its way.
	 * @param tries one or more
	 * @param to end of what is compared
	 */
	static Optional<Difference> of(Collection<PaymentBook.Entry> tries, Charge charge, Instant to) {
		boolean open = tries.stream()
			.anyMatch((one) -> one.outcome() == Outcome.OPEN || one.endedAt() == null || one.endedAt().isAfter(to));
		boolean taken = tries.stream().anyMatch((one) -> one.outcome() == Outcome.TAKEN);
		if (open || taken || charge.net().signum() <= 0) {
			return Optional.empty();
		}
		boolean unknown = tries.stream().anyMatch((one) -> one.outcome() == Outcome.UNKNOWN);
		return Optional.of(unknown ? new Difference(BreakClass.STATUS_DIFFERS,
				"the answer to the payment was lost; it was charged " + charge.net().toPlainString(), charge.net())
				: new Difference(BreakClass.CHARGED_NOT_REFUNDED,
						"the payment was not taken, and yet charged " + charge.net().toPlainString(), charge.net()));
	}

	/**
	 * What is left of one whose answer was lost, once it is known not to have been made.
	 */
	static Finding notMade(Finding lost) {
		return new Finding(lost.family(), lost.orderId(), lost.upstreamId(),
				new Difference(BreakClass.CHARGED_NOT_REFUNDED, "the payment was not made, and yet charged",
						lost.difference().amount()),
				lost.happenedAt());
	}

	static PaymentBook.Entry last(Collection<PaymentBook.Entry> tries) {
		return tries.stream().max(Comparator.comparing(PaymentBook.Entry::createdAt)).orElseThrow();
	}

}
