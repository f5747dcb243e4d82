package dz.flexy.gateway.callers;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * How much a caller may order.
 *
 * @param amount face value of the orders of one window, in DZD, above 0
 * @param window length of a window, 1 s or more; windows begin at multiples of it since
 * 1970-01-01T00:00:00Z
 */
public record SpendLimit(BigDecimal amount, Duration window) {
}
