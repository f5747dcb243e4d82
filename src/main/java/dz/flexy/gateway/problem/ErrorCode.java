package dz.flexy.gateway.problem;

import java.util.Locale;
import java.util.Optional;

/**
 * The codes that callers meet, in the upstream's documented spelling where it has one
 * (contract section 8). An upstream code that stands in neither is handed on verbatim.
 */
public enum ErrorCode {

	/** The request is malformed; nothing was touched. */
	ERR_VALIDATION(400),
	/** The number is not one of its type, or the operator does not know it. */
	ERR_PHONE(400),
	/** The card value is out of stock. */
	ERR_STOCK(400),
	/** The price is above the caller's {@code max_cost}. */
	PRICE_CHANGED(400),
	/** No {@code X-Access-Token} header. */
	MISSING_ACCESS_TOKEN(401),
	/** The key in {@code X-Access-Token} is unknown. */
	INVALID_ACCESS_TOKEN(401),
	/** The key is known but lacks the scope (RFC 6750's {@code insufficient_scope}). */
	INSUFFICIENT_SCOPE(403),
	/** The account cannot pay for the order. */
	INSUFFICIENT_BALANCE(403),
	/** The caller has used this reference before. */
	DUPLICATED_REF(403),
	/** No such path, method or order, or not the caller's. */
	NOT_FOUND(404),
	/** The order has gone too far to be cancelled. */
	NOT_CANCELLABLE(409),
	/** A request with the same {@code Idempotency-Key} is still being answered. */
	IDEMPOTENCY_KEY_IN_USE(409),
	/** The body is over 64 KiB. */
	PAYLOAD_TOO_LARGE(413),
	/** The {@code Idempotency-Key} was used with another body. */
	IDEMPOTENCY_KEY_REUSED(422),
	/**
	 * The caller's quota is used up, more orders wait than can be begun in time, or an
	 * address showed too many unknown keys.
	 */
	RATE_LIMIT_EXCEEDED(429),
	/** The order's value would exceed what the caller may order in the window. */
	SPEND_LIMIT_EXCEEDED(429),
	/** A fault of the gateway. */
	INTERNAL_ERROR(500),
	/** The upstream fails, or its answers cannot be read. */
	UPSTREAM_UNAVAILABLE(503),
	/** The upstream refuses the gateway's own key; only an operator can mend it. */
	UPSTREAM_ACCOUNT_STOPPED(503),
	/** The gateway's database cannot be reached; nothing was accepted. */
	STORE_UNAVAILABLE(503),
	/** The commit's own outcome is unknown: the order may have been accepted. */
	ACCEPTANCE_UNKNOWN(503),
	/** An accepted order could not be begun before its deadline; it was never bought. */
	NOT_SENT_IN_TIME(503),
	/** Sent as often as allowed, and each time proven not to have arrived. */
	SEND_FAILED(503),
	/** The caller cancelled the order before it was sent. */
	CANCELLED(409);

	private final int status;

	ErrorCode(int status) {
		this.status = status;
	}

	/**
	 * HTTP status that goes with the code unless the upstream answered with another.
	 * @return 400 to 503
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Finds the documented code for any of its published spellings: case and hyphens are
	 * folded and the aliases of contract section 11 (rows 2 to 4) are mapped.
	 * @param code as the upstream spelt it
	 * @return empty for a code this gateway does not know
	 */
	public static Optional<ErrorCode> ofUpstream(String code) {
		String folded = code.trim().toUpperCase(Locale.ROOT).replace('-', '_');
		return switch (folded) {
			case "ERR_VALIDATION" -> Optional.of(ERR_VALIDATION);
			case "ERR_PHONE", "INVALID_PHONE" -> Optional.of(ERR_PHONE);
			case "ERR_STOCK" -> Optional.of(ERR_STOCK);
			case "NO_BALANCE", "INSUFFICIENT_BALANCE" -> Optional.of(INSUFFICIENT_BALANCE);
			case "DUPLICATED_REF" -> Optional.of(DUPLICATED_REF);
			case "NOT_FOUND" -> Optional.of(NOT_FOUND);
			case "RATE_LIMIT_EXCEEDED" -> Optional.of(RATE_LIMIT_EXCEEDED);
			default -> Optional.empty();
		};
	}

}
