package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

import dz.flexy.gateway.account.Family;

/** What a send asks for. */
public sealed interface Purchase {

	/**
	 * Which of the upstream's products it buys.
	 * @return the family
	 */
	Family family();

	/**
	 * An internet card (contract section 4.3).
	 *
	 * @param type {@code ADSL} or {@code 4G}
	 * @param number in the format of its type
	 * @param value a denomination in DZD
	 * @param ref the gateway's own reference, never used before
	 */
	record Internet(String type, String number, BigDecimal value, String ref) implements Purchase {

		@Override
		public Family family() {
			return Family.INTERNET;
		}

	}

	/**
	 * A mobile top-up (contract section 5.2).
	 *
	 * @param planCode a code of the plans
	 * @param number {@code MSSIDN}, ten digits
	 * @param amount DZD, sent for fixed plans too
	 * @param ref the gateway's own reference, never used before
	 */
	record Mobile(String planCode, String number, BigDecimal amount, String ref) implements Purchase {

		@Override
		public Family family() {
			return Family.MOBILE;
		}

	}

	/**
	 * Gift cards (contract section 6.3). No reference goes along: the upstream takes
	 * none.
	 *
	 * @param productId the product
	 * @param typeId one of its types
	 * @param quantity how many, 1 or more
	 */
	record GiftCards(String productId, String typeId, int quantity) implements Purchase {

		@Override
		public Family family() {
			return Family.GIFT_CARD;
		}

	}

}
