package dz.flexy.gateway.orders;

/** Another request with the same {@code Idempotency-Key} was committed first. */
public final class IdempotencyKeyTaken extends RuntimeException {

	IdempotencyKeyTaken() {
		super("idempotency key taken", null, false, false);
	}

}
