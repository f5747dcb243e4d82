package dz.flexy.gateway.budget;

import java.util.Map;

/**
 * What the shared row tells who takes nothing. Instants are in microseconds since 1970 by
 * the database's clock.
 *
 * @param rate in force
 * @param used calls of the last window
 * @param left calls that may still be made
 * @param ends the window's end, 0 if nothing is used
 * @param blockedUntil until when nothing may be sent, 0 if something may
 * @param due microseconds until a lane's next call
 */
record Look(Rate rate, int used, int left, long ends, long blockedUntil, Map<Lane, Long> due) {
}
