package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Product;

/**
 * What is known of one card when an order for it is about to be sent. Immutable.
 *
 * @param cost its price in DZD, empty if no list with it is known
 * @param refusal why it can't be bought now, empty unless a list at most 30 s old says so
 */
public record Offer(Optional<BigDecimal> cost, Optional<Problem> refusal) {

	static final Offer UNKNOWN = new Offer(Optional.empty(), Optional.empty());

	static Offer of(ProductList list, BigDecimal value, boolean recent) {
		return new Offer(list.find(value).map(Product::cost), recent ? list.refusal(value) : Optional.empty());
	}

}
