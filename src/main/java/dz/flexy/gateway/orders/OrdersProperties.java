package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.problem.InvalidSetting;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The ledger.
 *
 * @param cardKey encrypts card codes: 32 bytes in base64, required
 * @param oldCardKeys still open what was encrypted with them
 * @param retention how long after its end an order keeps its number, its reference and
 * its codes
 * @param slowPoll how long a change may go unnoticed where its wake-up was lost
 */
@ConfigurationProperties("gateway.orders")
record OrdersProperties(@Nullable String cardKey, @DefaultValue List<String> oldCardKeys,
		@DefaultValue("400d") Duration retention, @DefaultValue("500ms") Duration slowPoll) {

	/** Answers that are replayed for an {@code Idempotency-Key} name the reference. */
	private static final Duration SHORTEST = Idempotency.KEPT.plusDays(1);

	OrdersProperties {
		if (retention.compareTo(SHORTEST) < 0) {
			throw new InvalidSetting("gateway.orders.retention",
					"must be " + SHORTEST.toDays() + "d or longer, was " + retention);
		}
	}

	/** The keys are secrets. */
	@Override
	public String toString() {
		return "OrdersProperties[***]";
	}

}
