package dz.flexy.gateway.budget;

import java.util.Locale;

/** What a call is for; earlier lanes matter more. */
public enum Lane {

	/** A purchase, or the number check that belongs to one. */
	SEND,
	/** Finding out what became of a purchase, or fetching its card. */
	SETTLE,
	/** Following open orders. */
	TRACK,
	/** A caller waits for the answer. */
	LOOKUP,
	/** Keeps a local copy fresh. */
	REFRESH;

	/**
	 * Lower-case name for tags and connection pools.
	 * @return for example {@code send}
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
