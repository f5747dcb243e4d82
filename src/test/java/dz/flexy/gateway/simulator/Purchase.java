package dz.flexy.gateway.simulator;

import java.math.BigDecimal;

/**
 * What a send asks for, once validated.
 *
 * @param ref as sent
 * @param type {@code ADSL}, {@code 4G} or the mobile plan's code
 * @param value face value
 * @param cost what the account is charged
 */
record Purchase(Family family, String ref, String type, String number, BigDecimal value, BigDecimal cost) {

	/** By the number, but a menu plan, which has no value, only answers with offers. */
	SuffixOutcome outcome() {
		return (this.value.signum() == 0) ? SuffixOutcome.NO_STOCK : SuffixOutcome.of(this.number);
	}

}
