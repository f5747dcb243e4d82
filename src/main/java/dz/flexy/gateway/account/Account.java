package dz.flexy.gateway.account;

import java.time.Duration;

/**
 * One key at the upstream and how it may be used. Immutable.
 *
 * @param id its name
 * @param key its key
 * @param limit calls in a window, the ceiling whatever the upstream's headers say
 * @param window length of that window
 * @param type what the key is declared to be; must equal what the upstream says
 * @param exclusive whether nobody else buys with this key
 */
public record Account(AccountId id, UpstreamKey key, int limit, Duration window, KeyType type, boolean exclusive) {
}
