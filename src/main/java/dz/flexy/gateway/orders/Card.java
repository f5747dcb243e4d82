package dz.flexy.gateway.orders;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A delivered card in the clear. Masked wherever it is printed.
 *
 * @param code the recharge code, a bearer secret
 * @param transaction the operator's transaction number
 * @param processedAt when the operator processed it
 */
public record Card(String code, @Nullable String transaction, @Nullable Instant processedAt) {

	@Override
	public String toString() {
		return "Card[***]";
	}

}
