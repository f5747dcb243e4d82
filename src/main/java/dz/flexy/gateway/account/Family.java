package dz.flexy.gateway.account;

import java.util.Arrays;
import java.util.List;

/** Families of the upstream's paths; each fails and recovers by itself. */
public enum Family {

	/** ADSL and 4G cards, contract section 4. */
	INTERNET("internet"),

	/** Mobile top-ups, contract section 5. */
	MOBILE("mobile"),

	/** Gift cards, contract sections 6.1 to 6.5. */
	GIFT_CARD("gift-cards"),

	/**
	 * What is passed through and never an order: bills, payment links, the account's
	 * ledger.
	 */
	OTHER("other");

	/** The families of orders; each has its own send, check and list paths. */
	public static final List<Family> SOLD = List.of(INTERNET, MOBILE, GIFT_CARD);

	private final String label;

	Family(String label) {
		this.label = label;
	}

	/**
	 * Name for rows, tags and JSON; of those that are sold, the segment of their paths.
	 * @return for example {@code internet}
	 */
	public String label() {
		return this.label;
	}

	/**
	 * The family of a label.
	 * @param label as {@link #label()} gives it
	 * @return the family
	 * @throws IllegalArgumentException for one that is none
	 */
	public static Family ofLabel(String label) {
		return Arrays.stream(values())
			.filter((family) -> family.label.equals(label))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("no family " + label));
	}

}
