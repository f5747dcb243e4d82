package dz.flexy.gateway.faults;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An event of the ledger.
 *
 * @param position in the whole log
 * @param order whose
 * @param caller whose the order is
 * @param number among the changes that callers see, null if they see none
 * @param at when
 * @param state since then
 * @param previous until then, null at the first
 * @param reason why, if it is told
 */
record Step(long position, String order, String caller, @Nullable Integer number, Instant at, String state,
		@Nullable String previous, @Nullable String reason) {

}
