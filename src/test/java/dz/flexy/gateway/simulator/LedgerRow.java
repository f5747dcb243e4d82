package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One movement of an account's money.
 *
 * @param operation {@code in} or {@code out}
 * @param objid the order's id, or empty
 */
public record LedgerRow(String id, String type, String operation, BigDecimal amount, BigDecimal oldBalance,
		BigDecimal newBalance, String objid, String note, Instant time) {

}
