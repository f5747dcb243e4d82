package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.upstream.TopupStatus;

/** Compares what three books say of one order. Reads nothing and changes nothing. */
final class Comparison {

	/**
	 * What comes of it.
	 *
	 * @param differences none if they agree
	 * @param correction the end that ours is to be corrected to
	 * @param behind whether ours is open where theirs is not: what follows orders may
	 * still get there by itself
	 */
	record Verdict(List<Difference> differences, Optional<OrderState> correction, boolean behind) {

		boolean isClean() {
			return this.differences.isEmpty() && this.correction.isEmpty() && !this.behind;
		}

	}

	private Comparison() {
	}

	/**
	 * Compares one order.
	 * @param charge what the ledger says; empty if it was not read in full
	 */
	static Verdict of(Ours ours, Theirs theirs, Optional<Charge> charge) {
		List<Difference> differences = new ArrayList<>();
		Optional<OrderState> end = theirs.end();
		Optional<OrderState> correction = end.filter((state) -> ours.ended() && state != ours.state());
		if (differs(ours, theirs)) {
			differences.add(new Difference(BreakClass.STATUS_DIFFERS, told(ours, theirs), theirs.charged()));
		}
		value(ours, theirs).ifPresent(differences::add);
		if (ours.ended() && correction.isEmpty()) {
			cost(ours, theirs, charge).ifPresent(differences::add);
			charge.flatMap((taken) -> notRefunded(ours, theirs, taken)).ifPresent(differences::add);
		}
		boolean behind = !ours.state().isFinal() && (end.isPresent() || ours.state().isUnsent());
		return new Verdict(List.copyOf(differences), correction, behind);
	}

	static String told(Ours ours, Theirs theirs) {
		return "ours is " + ours.state() + ", theirs " + theirs.status();
	}

	/**
	 * Two ends that differ are corrected and need nobody, unless we had said that nothing
	 * was bought. A word that is not known may mean anything.
	 */
	private static boolean differs(Ours ours, Theirs theirs) {
		if (ours.state() == OrderState.REJECTED) {
			return ours.ended();
		}
		return ours.ended() && theirs.end().isEmpty() && theirs.status() != TopupStatus.OTHER;
	}

	private static Optional<Difference> value(Ours ours, Theirs theirs) {
		if (ours.value() != null && theirs.value() != null && ours.value().compareTo(theirs.value()) != 0) {
			return Optional.of(new Difference(BreakClass.AMOUNT_DIFFERS,
					"ours is worth " + ours.value().toPlainString() + ", theirs " + theirs.value().toPlainString(),
					theirs.value().subtract(ours.value())));
		}
		if (ours.quantity() != null && theirs.quantity() != null && !ours.quantity().equals(theirs.quantity())) {
			return Optional.of(new Difference(BreakClass.AMOUNT_DIFFERS,
					"ours is of " + ours.quantity() + " cards, theirs of " + theirs.quantity(), null));
		}
		return Optional.empty();
	}

	/** The ledger's word goes before the order's own: it is what was paid. */
	private static Optional<Difference> cost(Ours ours, Theirs theirs, Optional<Charge> charge) {
		BigDecimal cost = ours.cost();
		if (!ours.isDelivered() || theirs.end().filter((end) -> end == ours.state()).isEmpty() || cost == null) {
			return Optional.empty();
		}
		Optional<BigDecimal> paid = charge.filter(Charge::isKnown).map(Charge::net);
		Optional<BigDecimal> told = Optional.ofNullable(theirs.charged()).filter((shown) -> shown.signum() > 0);
		return paid.or(() -> told)
			.filter((price) -> price.compareTo(cost) != 0)
			.map((price) -> new Difference(BreakClass.AMOUNT_DIFFERS,
					"ours cost " + cost.toPlainString() + ", theirs " + price.toPlainString(), price.subtract(cost)));
	}

	private static Optional<Difference> notRefunded(Ours ours, Theirs theirs, Charge charge) {
		boolean nothingDelivered = !ours.isDelivered() && theirs.status() == TopupStatus.REFUNDED;
		return (nothingDelivered && charge.isKnown() && charge.net().signum() > 0)
				? Optional.of(new Difference(BreakClass.CHARGED_NOT_REFUNDED,
						"charged " + charge.out().toPlainString() + ", paid back " + charge.back().toPlainString(),
						charge.net()))
				: Optional.empty();
	}

}
