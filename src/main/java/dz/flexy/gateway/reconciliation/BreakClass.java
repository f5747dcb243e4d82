package dz.flexy.gateway.reconciliation;

/** In which way two books differ. */
enum BreakClass {

	/** We hold an id of the upstream's that it does not know. */
	OURS_ONLY,
	/** The upstream shows a purchase of ours that we do not know. */
	THEIRS_ONLY,
	/** Both know it, and say different things of where it stands. */
	STATUS_DIFFERS,
	/** Both know it, and say different things of what it is worth or what it cost. */
	AMOUNT_DIFFERS,
	/** Money went for what was not delivered, and did not come back. */
	CHARGED_NOT_REFUNDED

}
