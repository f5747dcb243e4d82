package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known of an earlier request with the same {@code Idempotency-Key}.
 *
 * @param digest of its body
 * @param orderId the order it made
 * @param age how long ago it was accepted, by the database's time
 * @param given the answer it was given, once it was
 */
public record EarlierUse(String digest, OrderId orderId, Duration age, Optional<GivenAnswer> given) {

	/**
	 * Whether the body was the same.
	 * @param key the present use
	 * @return whether
	 */
	public boolean sameBody(IdempotencyKey key) {
		return this.digest.equals(key.digest());
	}

}
