package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The ledger.
 *
 * @param cardKey encrypts card codes: 32 bytes in base64, required
 * @param oldCardKeys still open what was encrypted with them
 * @param slowPoll how long a change may go unnoticed where its wake-up was lost
 */
@ConfigurationProperties("gateway.orders")
record OrdersProperties(@Nullable String cardKey, @DefaultValue List<String> oldCardKeys,
		@DefaultValue("500ms") Duration slowPoll) {

	/** The keys are secrets. */
	@Override
	public String toString() {
		return "OrdersProperties[***]";
	}

}
