package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;

/**
 * How an account's budget stands, over all replicas, by the database's clock.
 *
 * @param account whose
 * @param limit calls in a window that are allowed now: the setting, or less if the
 * upstream said so
 * @param window length of a window
 * @param used calls of the last window, those under way included
 * @param left calls that may still be made now as far as is known, 0 or more
 * @param ends when the upstream's window ends as it last said; else when all that is used
 * now is free again; empty if nothing is used
 * @param blockedUntil when calls are allowed again after the upstream has limited them;
 * empty if they are allowed
 * @param lanes all of them, the first that goes first
 */
public record BudgetGauge(AccountId account, int limit, Duration window, int used, int left, Optional<Instant> ends,
		Optional<Instant> blockedUntil, List<LaneGauge> lanes) {
}
