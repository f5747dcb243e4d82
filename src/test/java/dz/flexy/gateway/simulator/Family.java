package dz.flexy.gateway.simulator;

/**
 * A product family with the words it uses: its first status, the status of an order that
 * takes hours, and its word in the ledger.
 */
enum Family {

	INTERNET("HANDLING", "QUEUED", "ADSL"), MOBILE("PENDING", "UNKNOWN_ERROR", "FLEXY"),

	GIFT_CARDS("HANDLING", "HANDLING", "ORDER");

	private final String first;

	private final String postponed;

	private final String debit;

	Family(String first, String postponed, String debit) {
		this.first = first;
		this.postponed = postponed;
		this.debit = debit;
	}

	String first() {
		return this.first;
	}

	String postponed() {
		return this.postponed;
	}

	String debit() {
		return this.debit;
	}

}
