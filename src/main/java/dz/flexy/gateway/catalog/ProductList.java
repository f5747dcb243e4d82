package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Product;

/**
 * The cards of one type, as answered to callers. An empty list refuses nothing: it is
 * likelier a fault than an empty shop, and the upstream decides.
 */
record ProductList(List<Product> products, String type) {

	Optional<Product> find(BigDecimal value) {
		return this.products.stream().filter((product) -> product.value().compareTo(value) == 0).findFirst();
	}

	/** Why this list says that no card of this value can be bought. */
	Optional<Problem> refusal(BigDecimal value) {
		if (this.products.isEmpty()) {
			return Optional.empty();
		}
		Optional<Product> product = find(value);
		return product.isEmpty() ? Optional.of(unknown(value))
				: product.filter((known) -> !known.available()).map((gone) -> outOfStock(value));
	}

	private Problem unknown(BigDecimal value) {
		return Problem.of(ErrorCode.ERR_VALIDATION, "no " + this.type + " card has this value")
			.detail("field", "value")
			.detail("value", value)
			.money(false, true);
	}

	private Problem outOfStock(BigDecimal value) {
		return Problem.of(ErrorCode.ERR_STOCK, "the card value is out of stock")
			.detail("type", this.type)
			.detail("value", value)
			.money(false, true);
	}

}
