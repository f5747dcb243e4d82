package dz.flexy.gateway.faults;

/**
 * What a caller was told about an intent at one time.
 *
 * @param intent the intent's number
 * @param status HTTP status; 0 if there was no answer, -1 if there was no connection
 * @param code of an error, else empty
 * @param orderId the order's id, empty if none was told
 * @param open whether he must think that money may have moved, or will
 */
record Told(int intent, int status, String code, String orderId, boolean open) {

	/** The caller has an id, so the order is accepted. */
	boolean isAccepted() {
		return !this.orderId.isEmpty() && this.status >= 200 && this.status < 300;
	}

}
