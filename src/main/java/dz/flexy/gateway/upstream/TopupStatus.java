package dz.flexy.gateway.upstream;

import java.util.Locale;

/**
 * Where a top-up stands upstream, in either published vocabulary (contract section 11,
 * row 18).
 */
public enum TopupStatus {

	/** Not with the operator yet. */
	PENDING,
	/** With the operator. */
	HANDLING,
	/** Postponed for hours; not final. */
	QUEUED,
	/** Being checked by hand for hours; not final. */
	UNKNOWN_ERROR,
	/** Delivered. */
	FULFILLED,
	/** Delivered in part, the rest refunded. */
	PARTIALLY_FILLED,
	/** Failed and refunded. */
	REFUNDED,
	/** A word this gateway does not know: keep following, never a failure. */
	OTHER;

	static TopupStatus of(String status) {
		return switch (status.toUpperCase(Locale.ROOT)) {
			case "PENDING" -> PENDING;
			case "HANDLING" -> HANDLING;
			case "QUEUED" -> QUEUED;
			case "UNKNOWN_ERROR", "FAILED" -> UNKNOWN_ERROR;
			case "FULFILLED", "SUCCESS" -> FULFILLED;
			case "PARTIALLY_FILLED" -> PARTIALLY_FILLED;
			case "REFUNDED" -> REFUNDED;
			default -> OTHER;
		};
	}

}
