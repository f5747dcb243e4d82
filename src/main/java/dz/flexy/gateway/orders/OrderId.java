package dz.flexy.gateway.orders;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An order's id, which callers know as {@code topupId}: 24 lower-case hex digits in the
 * upstream's shape, seconds first.
 *
 * @param value the digits
 */
public record OrderId(String value) {

	private static final int DIGITS = 24;

	private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{24}");

	private static final Pattern UPSTREAM_REF = Pattern.compile("(API-.*-)?fg[0-9a-f]{24}", Pattern.DOTALL);

	static OrderId next(Instant now, SecureRandom random) {
		byte[] tail = new byte[8];
		random.nextBytes(tail);
		return new OrderId(HexFormat.of().toHexDigits((int) now.getEpochSecond()) + HexFormat.of().formatHex(tail));
	}

	/**
	 * Reads an id from a path.
	 * @param text anything
	 * @return empty if it cannot be an id
	 */
	public static Optional<OrderId> parse(String text) {
		return SHAPE.matcher(text).matches() ? Optional.of(new OrderId(text)) : Optional.empty();
	}

	/**
	 * Whether a reference of the upstream's is the gateway's own, bare or prefixed.
	 * @param ref as the upstream shows it
	 * @return whether
	 */
	public static boolean isUpstreamRef(String ref) {
		return UPSTREAM_REF.matcher(ref).matches();
	}

	/**
	 * The order that a reference of the gateway's own names.
	 * @param ref as the upstream shows it, bare or prefixed
	 * @return empty if it is not the gateway's own
	 */
	public static Optional<OrderId> ofUpstreamRef(String ref) {
		return isUpstreamRef(ref) ? Optional.of(new OrderId(ref.substring(ref.length() - DIGITS))) : Optional.empty();
	}

	/**
	 * Where the ids of orders accepted from a time on begin: an id starts with the second
	 * of its acceptance, by the clock of the replica that accepted it.
	 * @param time after 1970
	 * @return an id that is no order's
	 */
	static OrderId first(Instant time) {
		return new OrderId(HexFormat.of().toHexDigits((int) time.getEpochSecond()) + "0".repeat(DIGITS - 8));
	}

	/**
	 * The reference sent upstream, derived from the id so that a purchase can always be
	 * found; its characters need no escaping in a path.
	 */
	String upstreamRef() {
		return "fg" + this.value;
	}

	@Override
	public String toString() {
		return this.value;
	}

}
