package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.problem.Problem;

/**
 * What is known of one mobile plan when an order for it is about to be sent. Immutable.
 *
 * @param amount what to send, in DZD: of a fixed plan its own whatever was asked for, 0
 * for a menu, else what was asked for; empty if the plan is not known or nothing was
 * asked for, and then what was asked for is all there is
 * @param cost its price in DZD, empty if the upstream tells none
 * @param refusal why it can't be bought now, empty unless a list at most 30 s old says so
 */
public record PlanOffer(Optional<BigDecimal> amount, Optional<BigDecimal> cost, Optional<Problem> refusal) {

	static PlanOffer of(PlanList list, String code, Optional<BigDecimal> asked, boolean recent) {
		PlanOffer offer = list.offer(code, asked);
		return recent ? new PlanOffer(offer.amount(), offer.cost(), list.refusal(code, asked)) : offer;
	}

	/** Nothing is known, except that a menu costs nothing to ask for. */
	static PlanOffer unknown(String code) {
		return new PlanOffer(PlanList.asksForMenu(code) ? Optional.of(BigDecimal.ZERO) : Optional.empty(),
				Optional.empty(), Optional.empty());
	}

}
