package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.GiftType;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Refusal;

/** What the upstream said of a gift card, worth remembering. Immutable. */
sealed interface GiftAnswer {

	/** Why it can't be bought, by this answer. */
	Optional<Problem> refusal(String productId, String typeId, int quantity);

	/** The price of that many, in DZD. */
	Optional<BigDecimal> cost(String typeId, int quantity);

	/**
	 * There is such a product. One without any type refuses nothing, as it is likelier a
	 * fault; nor is a sandbox's test type looked for, which need not be listed.
	 */
	record Known(GiftProduct product) implements GiftAnswer {

		private static final String TEST = "TEST_";

		@Override
		public Optional<Problem> refusal(String productId, String typeId, int quantity) {
			Optional<GiftType> type = find(typeId);
			if (type.isPresent()) {
				return type.filter((known) -> isShort(known, quantity)).map((gone) -> outOfStock(gone, quantity));
			}
			boolean certain = this.product.complete() && !this.product.types().isEmpty() && !typeId.startsWith(TEST);
			return certain ? Optional.of(unknown("the product has no such type", "typeId", typeId)) : Optional.empty();
		}

		@Override
		public Optional<BigDecimal> cost(String typeId, int quantity) {
			return find(typeId).map(GiftType::price).map((price) -> price.multiply(BigDecimal.valueOf(quantity)));
		}

		private Optional<GiftType> find(String typeId) {
			return this.product.types().stream().filter((type) -> type.id().equals(typeId)).findFirst();
		}

		private static boolean isShort(GiftType type, int quantity) {
			return type.quantity() != null && type.quantity().compareTo(BigDecimal.valueOf(quantity)) < 0;
		}

		private static Problem outOfStock(GiftType type, int quantity) {
			return Problem.of(ErrorCode.ERR_STOCK, "fewer cards are in stock")
				.detail("typeId", type.id())
				.detail("quantity", quantity)
				.detail("available", type.quantity())
				.money(false, true);
		}

	}

	/**
	 * A no about the product, in the upstream's words.
	 *
	 * @param unknown whether it says that there is none; any other no refuses no order
	 */
	record Refused(Problem problem, boolean unknown) implements GiftAnswer {

		@Override
		public Optional<Problem> refusal(String productId, String typeId, int quantity) {
			return this.unknown ? Optional.of(GiftAnswer.unknown("there is no such gift card", "productId", productId))
					: Optional.empty();
		}

		@Override
		public Optional<BigDecimal> cost(String typeId, int quantity) {
			return Optional.empty();
		}

	}

	/**
	 * Judges an answer.
	 * @throws Problem if it says nothing about the product
	 */
	static GiftAnswer of(Outcome<GiftProduct> outcome) {
		if (outcome instanceof Outcome.Refused<GiftProduct> refused && ofProduct(refused.refusal())) {
			return new Refused(refused.refusal().asProblem().money(false, true),
					refused.refusal().is(ErrorCode.NOT_FOUND));
		}
		return new Known(outcome.orThrow());
	}

	private static boolean ofProduct(Refusal refusal) {
		return refusal.status() == 400 || refusal.status() == 404;
	}

	private static Problem unknown(String message, String field, String value) {
		return Problem.of(ErrorCode.ERR_VALIDATION, message)
			.detail("field", field)
			.detail("value", value)
			.money(false, true);
	}

}
