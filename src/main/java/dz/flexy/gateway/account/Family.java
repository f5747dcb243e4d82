package dz.flexy.gateway.account;

import java.util.Locale;

/** Product families of the upstream; each has its own send, check and list paths. */
public enum Family {

	/** ADSL and 4G cards, contract section 4. */
	INTERNET,
	/** Mobile top-ups, contract section 5. */
	MOBILE,
	/** Gift cards, contract section 6. */
	GIFT_CARD;

	/**
	 * Lower-case name for rows, tags and JSON.
	 * @return for example {@code internet}
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * The family of a label.
	 * @param label as {@link #label()} gives it
	 * @return the family
	 */
	public static Family ofLabel(String label) {
		return valueOf(label.toUpperCase(Locale.ROOT));
	}

}
