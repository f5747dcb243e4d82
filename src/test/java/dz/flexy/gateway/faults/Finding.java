package dz.flexy.gateway.faults;

/**
 * Something that must not be.
 *
 * @param kind of what sort
 * @param text what was found
 */
record Finding(Kind kind, String text) {

	enum Kind {

		/** Bought more than once, or bought though nobody wanted it. */
		DUPLICATE,
		/** Accepted or bought, but not in the ledger, or without an end there. */
		LOST,
		/** Ledger and upstream, or ledger and caller, say different things. */
		DIFFERS,
		/** An event is missing, doubled or out of order. */
		GAP

	}

}
