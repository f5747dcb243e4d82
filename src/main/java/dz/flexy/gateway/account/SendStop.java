package dz.flexy.gateway.account;

import java.time.Instant;

/**
 * A person has stopped the sends of an account; following and reading go on.
 *
 * @param who whose key it was done with
 * @param reason in his words
 * @param since when, by the database's time
 */
public record SendStop(String who, String reason, Instant since) {
}
