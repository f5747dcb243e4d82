package dz.flexy.gateway.upstream;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The card of a fulfilled order. The code is a bearer secret: it is masked wherever the
 * record is printed.
 *
 * @param code the recharge code
 * @param transaction the operator's transaction number
 * @param processedAt when the operator processed it
 */
public record DeliveredCard(String code, @Nullable String transaction, @Nullable Instant processedAt) {

	@Override
	public String toString() {
		return "DeliveredCard[***]";
	}

}
