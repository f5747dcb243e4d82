package dz.flexy.gateway.account;

import java.util.Optional;

/**
 * A stop on its way to the row.
 *
 * @param key whose, or {@link KeyId#EVERY}
 * @param standing reason and end
 * @param failure the upstream's refusal that caused it, to be remembered with it
 */
record Stop(KeyId key, Standing.Stopped standing, Optional<KeyFailure> failure) {
}
