package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;

/**
 * What the account's ledger says of one purchase, in the time compared.
 *
 * @param out DZD taken
 * @param back DZD paid back
 */
record Charge(BigDecimal out, BigDecimal back) {

	static final Charge NONE = new Charge(BigDecimal.ZERO, BigDecimal.ZERO);

	/** Whether it was taken in that time: only then the rest of it is known too. */
	boolean isKnown() {
		return this.out.signum() > 0;
	}

	BigDecimal net() {
		return this.out.subtract(this.back);
	}

}
