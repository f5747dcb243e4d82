package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** What is bought. */
public sealed interface Item {

	/**
	 * The upstream's name of it.
	 * @return type, plan code or product id, for example {@code ADSL}
	 */
	String product();

	/**
	 * The line that is topped up.
	 * @return {@code null} for gift cards
	 */
	@Nullable String number();

	/**
	 * What counts for spend limits.
	 * @return face value in DZD; of gift cards their price when they were ordered, 0 if
	 * it was not known
	 */
	BigDecimal value();

	/**
	 * The most that the caller will pay, if he said.
	 * @return DZD
	 */
	Optional<BigDecimal> maxCost();

	/**
	 * A card or top-up for a line (contract sections 4.3 and 5.2).
	 *
	 * @param product type or plan code
	 * @param number the line's number
	 * @param value denomination in DZD
	 * @param maxCost the most that the caller will pay in DZD, if he said
	 */
	record TopUp(String product, String number, BigDecimal value, Optional<BigDecimal> maxCost) implements Item {

		/** Numbers are personal: only the last two digits are printed. */
		@Override
		public String toString() {
			return this.product + " " + this.value + " to …"
					+ this.number.substring(Math.max(0, this.number.length() - 2));
		}

	}

	/**
	 * Gift cards (contract section 6.3).
	 *
	 * @param product its id
	 * @param type id of one of the product's types
	 * @param quantity how many, 1 or more
	 * @param value their price in DZD when they were ordered, 0 if it was not known
	 * @param maxCost the most that the caller will pay in DZD, if he said
	 */
	record GiftCards(String product, String type, int quantity, BigDecimal value,
			Optional<BigDecimal> maxCost) implements Item {

		@Override
		public @Nullable String number() {
			return null;
		}

		/**
		 * Orders of one lane are sent one at a time (decision 0020).
		 * @return the upstream tells such orders apart by nothing else
		 */
		public String lane() {
			return this.product + " " + this.type;
		}

	}

}
