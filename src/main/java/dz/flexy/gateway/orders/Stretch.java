package dz.flexy.gateway.orders;

import java.time.Instant;

/**
 * A time in which orders were sent.
 *
 * @param first when the first of them was, inclusive
 * @param last when the last of them was, inclusive
 * @param orders how many were due when this was read, 1 or more
 */
public record Stretch(Instant first, Instant last, int orders) {
}
