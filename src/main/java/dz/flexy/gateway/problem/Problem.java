package dz.flexy.gateway.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An expected refusal, told to the caller in the error envelope. Immutable, without a
 * stack trace, safe to show: no key, number, card code or body of anybody else is in it.
 */
public final class Problem extends RuntimeException {

	private final String code;

	private final int status;

	private final transient @Nullable Duration retryAfter;

	private final transient Map<String, Object> details;

	private Problem(String code, int status, String message, @Nullable Duration retryAfter,
			Map<String, Object> details) {
		super(message, null, false, false);
		this.code = code;
		this.status = status;
		this.retryAfter = retryAfter;
		this.details = details;
	}

	/**
	 * A refusal with a code of the gateway's vocabulary and that code's own status.
	 * @param code the stable code
	 * @param message one sentence for people
	 * @return the refusal, not yet thrown
	 */
	public static Problem of(ErrorCode code, String message) {
		return new Problem(code.name(), code.status(), message, null, Map.of());
	}

	/**
	 * A refusal in the upstream's words.
	 * @param code the upstream's code, verbatim where it is not a documented one
	 * @param status the upstream's HTTP status, 400 to 599
	 * @param message the upstream's text
	 * @return the refusal, not yet thrown
	 */
	public static Problem of(String code, int status, String message) {
		return new Problem(code, status, message, null, Map.of());
	}

	/**
	 * Adds one fact to {@code error.details}.
	 * @param name field name
	 * @param value a JSON scalar, map or list; {@code null} adds nothing
	 * @return a copy
	 */
	public Problem detail(String name, @Nullable Object value) {
		if (value == null) {
			return this;
		}
		Map<String, Object> more = new LinkedHashMap<>(this.details);
		more.put(name, value);
		return new Problem(this.code, this.status, message(), this.retryAfter, more);
	}

	/**
	 * States the two facts that every later decision of a caller needs.
	 * @param mayHaveMoved whether money may have moved
	 * @param retrySafe whether the same request may be sent again without buying twice
	 * @return a copy
	 */
	public Problem money(boolean mayHaveMoved, boolean retrySafe) {
		return detail("moneyMayHaveMoved", mayHaveMoved).detail("retrySafe", retrySafe);
	}

	/**
	 * Sets the {@code Retry-After} header.
	 * @param delay rounded up to whole seconds, at least one
	 * @return a copy
	 */
	public Problem retryAfter(Duration delay) {
		return new Problem(this.code, this.status, message(), delay, this.details);
	}

	public String code() {
		return this.code;
	}

	public int status() {
		return this.status;
	}

	/**
	 * The text without the leading code that the envelope puts before it.
	 * @return one sentence
	 */
	public String message() {
		return Objects.requireNonNullElse(getMessage(), "");
	}

	public Map<String, Object> details() {
		return this.details;
	}

	/**
	 * When to try again.
	 * @return null if nothing is known
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
