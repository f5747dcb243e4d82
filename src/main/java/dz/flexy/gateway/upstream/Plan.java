package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/**
 * One mobile plan (contract section 5.1). Whatever the upstream leaves out is
 * {@code null}.
 *
 * @param code what a send names
 * @param fixed whether it has one amount, not a range
 * @param enabled whether it was on sale when the list was made
 * @param cost price as a multiple of the amount
 * @param amount in DZD, of a fixed plan
 * @param least smallest amount in DZD of a plan that has a range
 * @param most largest amount in DZD of a plan that has a range
 */
public record Plan(String code, boolean fixed, boolean enabled, @Nullable BigDecimal cost, @Nullable BigDecimal amount,
		@Nullable BigDecimal least, @Nullable BigDecimal most) {
}
