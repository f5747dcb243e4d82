package dz.flexy.gateway.upstream;

/**
 * What {@code validate} says of a key (contract section 2.2), without the key that it
 * echoes.
 *
 * @param username the account's name, part of its references
 * @param type {@code SANDBOX} or {@code PRODUCTION}
 * @param enabled whether the key is switched on
 * @param scope {@code READ-WRITE} or {@code READ-ONLY}
 */
record Identity(String username, String type, boolean enabled, String scope) {
}
