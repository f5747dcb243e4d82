package dz.flexy.gateway.orders;

import dz.flexy.gateway.callers.CallerId;

/**
 * One use of an {@code Idempotency-Key}.
 *
 * @param caller whose key
 * @param route for which route
 * @param key as sent
 * @param digest SHA-256 of the body, in hex
 */
public record IdempotencyKey(CallerId caller, String route, String key, String digest) {
}
