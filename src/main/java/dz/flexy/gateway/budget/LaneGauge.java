package dz.flexy.gateway.budget;

import java.time.Duration;

/**
 * How one lane of a budget stands. Waiting and taken are this replica's, the rest is
 * shared.
 *
 * @param lane which
 * @param share part of the rate that is reserved for it, above 0; all lanes make 1
 * @param waiting calls that wait here for a permit, 0 or more
 * @param taken permits that this replica took for it within the last window, 0 or more
 * @param due until its next call may be made if nobody else is faster, 0 if at once
 */
public record LaneGauge(Lane lane, double share, int waiting, int taken, Duration due) {
}
