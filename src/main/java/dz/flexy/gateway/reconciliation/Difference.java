package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * One thing in which two books differ.
 *
 * @param kind in which way
 * @param detail for the operator, without numbers of lines and without cards
 * @param amount DZD that differ or are at stake, if known
 */
record Difference(BreakClass kind, String detail, @Nullable BigDecimal amount) {
}
