package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;

/**
 * An order to be committed.
 *
 * @param caller who orders
 * @param family of which product
 * @param ref the caller's reference; one is made if he gave none
 * @param item what to buy
 * @param sendDeadline how long it may wait to be begun
 * @param answered set where the answer is known beforehand (202)
 * @param askFirst whether the caller may have sent the same ref upstream himself
 * @param idempotency the caller's {@code Idempotency-Key}, if he gave one
 */
public record NewOrder(Caller caller, Family family, Optional<String> ref, Item item, Duration sendDeadline,
		Optional<Order.Answered> answered, boolean askFirst, Optional<IdempotencyKey> idempotency) {

	/**
	 * An order of a caller that buys here only.
	 * @param caller who orders
	 * @param family of which product
	 * @param ref the caller's reference; one is made if he gave none
	 * @param item what to buy
	 * @param sendDeadline how long it may wait to be begun
	 * @param answered set where the answer is known beforehand (202)
	 * @param idempotency the caller's {@code Idempotency-Key}, if he gave one
	 */
	public NewOrder(Caller caller, Family family, Optional<String> ref, Item item, Duration sendDeadline,
			Optional<Order.Answered> answered, Optional<IdempotencyKey> idempotency) {
		this(caller, family, ref, item, sendDeadline, answered, false, idempotency);
	}

}
