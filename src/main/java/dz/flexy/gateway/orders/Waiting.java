package dz.flexy.gateway.orders;

import java.math.BigDecimal;

import dz.flexy.gateway.callers.CallerId;

/**
 * How many of one caller's orders wait to be begun.
 *
 * @param caller whose
 * @param weight his weight when one of them was accepted
 * @param orders how many, 1 or more
 */
public record Waiting(CallerId caller, BigDecimal weight, long orders) {
}
