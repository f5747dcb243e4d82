package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What is bought.
 *
 * @param product type or plan code, for example {@code ADSL}
 * @param number the line's number
 * @param value denomination in DZD
 * @param maxCost the most that the caller will pay in DZD, if he said
 */
public record Item(String product, String number, BigDecimal value, Optional<BigDecimal> maxCost) {

	/** Numbers are personal: only the last two digits are printed. */
	@Override
	public String toString() {
		return this.product + " " + this.value + " to …" + this.number.substring(Math.max(0, this.number.length() - 2));
	}

}
