package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.problem.Problem;

/**
 * What is known of some gift cards when an order for them is about to be sent. Immutable.
 *
 * @param cost the price of all of them in DZD, empty if the upstream tells none
 * @param refusal why they can't be bought now, empty unless an answer at most 30 s old
 * says so
 */
public record GiftOffer(Optional<BigDecimal> cost, Optional<Problem> refusal) {

	static final GiftOffer UNKNOWN = new GiftOffer(Optional.empty(), Optional.empty());

	static GiftOffer refused(Problem refusal) {
		return new GiftOffer(Optional.empty(), Optional.of(refusal));
	}

}
