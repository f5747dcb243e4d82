package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An order as the upstream shows it (contract sections 4.4, 5.3 and 6.4). List rows may
 * lack everything but id and status.
 *
 * @param id the upstream's id
 * @param ref our reference, bare or prefixed; empty if not shown, as for gift cards
 * @param status where it stands
 * @param product type, plan code or product id, if shown
 * @param number the line's number, if shown
 * @param value the denomination, if shown
 * @param charged what was taken in DZD, 0 once it was paid back, if shown
 * @param card the card or cards, once delivered and shown
 * @param filling of gift cards
 * @param refundMessage text for the end customer, if shown
 * @param suggestedOffers JSON array of offers for the number, if shown
 */
public record Topup(String id, String ref, TopupStatus status, @Nullable String product, @Nullable String number,
		@Nullable BigDecimal value, @Nullable BigDecimal charged, Optional<DeliveredCard> card,
		Optional<Filling> filling, @Nullable String refundMessage, @Nullable String suggestedOffers) {

	/**
	 * Whether all that was delivered is shown. How many gift cards were, an order filled
	 * in part may not tell: then those that are shown count as all.
	 * @return whether no further read can show more
	 */
	public boolean showsAllCards() {
		return this.card.isPresent() && this.filling.filter((cards) -> cards.shown() < expected(cards)).isEmpty();
	}

	private int expected(Filling cards) {
		Integer told = (cards.fulfilled() != null) ? cards.fulfilled()
				: (this.status == TopupStatus.FULFILLED) ? cards.quantity() : null;
		return (told != null) ? told : 0;
	}

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
