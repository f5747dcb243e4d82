package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A top-up as the upstream shows it (contract sections 4.4 and 5.3). List rows may lack
 * everything but id and status.
 *
 * @param id the upstream's id
 * @param ref our reference, bare or prefixed; empty if not shown
 * @param status where it stands
 * @param product type or plan code, if shown
 * @param number the line's number, if shown
 * @param value the denomination, if shown
 * @param card the card, once delivered and shown
 * @param refundMessage text for the end customer, if shown
 */
public record Topup(String id, String ref, TopupStatus status, @Nullable String product, @Nullable String number,
		@Nullable BigDecimal value, Optional<DeliveredCard> card, @Nullable String refundMessage) {

	/**
	 * Whether this is the top-up of one of our references. The upstream prefixes them
	 * with {@code API-<username>-} on some pages (contract section 11, row 1).
	 * @param upstreamRef as we sent it
	 * @return whether
	 */
	public boolean hasRef(String upstreamRef) {
		return this.ref.equals(upstreamRef) || this.ref.endsWith("-" + upstreamRef);
	}

}
