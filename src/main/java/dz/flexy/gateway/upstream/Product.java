package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

/**
 * One card on sale (contract section 4.1).
 *
 * @param value denomination in DZD, what a send names
 * @param cost price in DZD
 * @param available whether it was in stock when the list was made
 */
public record Product(BigDecimal value, BigDecimal cost, boolean available) {
}
