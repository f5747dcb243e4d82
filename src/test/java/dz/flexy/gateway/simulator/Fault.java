package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Map;

/**
 * One way in which the upstream fails. "Before" means that the application never saw the
 * request and nothing is left behind; "after" means that it handled the request and only
 * the answer suffers. Immutable, usable any number of times.
 *
 * @param name the factory method's name, and the name that the control surface knows
 * @param hidden how long an order accepted under this fault stays invisible to reads
 */
public record Fault(String name, boolean before, Duration hidden, Effect effect) {

	/** The connection is closed without a byte after the request was handled. */
	public static Fault answerLost() {
		return after("answerLost", (served, scene) -> served.delivered(new Delivery.Lost(false)));
	}

	/** As {@link #answerLost()}, and the order shows up in reads only after a while. */
	public static Fault hiddenFor(Duration hidden) {
		return new Fault("hiddenFor", false, hidden, answerLost().effect());
	}

	public static Fault cutBeforeCommit() {
		return before("cutBeforeCommit", (served, scene) -> Answer.nothing(new Delivery.Lost(false)));
	}

	public static Fault resetBeforeCommit() {
		return before("resetBeforeCommit", (served, scene) -> Answer.nothing(new Delivery.Lost(true)));
	}

	public static Fault resetAfterCommit() {
		return after("resetAfterCommit", (served, scene) -> served.delivered(new Delivery.Lost(true)));
	}

	public static Fault hangBeforeCommit() {
		return before("hangBeforeCommit", (served, scene) -> Answer.nothing(new Delivery.Hang()));
	}

	public static Fault hangAfterCommit() {
		return after("hangAfterCommit", (served, scene) -> served.delivered(new Delivery.Hang()));
	}

	public static Fault errorBeforeCommit() {
		return failing("errorBeforeCommit", true, 500, "INTERNAL_ERROR");
	}

	public static Fault errorAfterCommit() {
		return failing("errorAfterCommit", false, 500, "INTERNAL_ERROR");
	}

	public static Fault unavailableBeforeCommit() {
		return failing("unavailableBeforeCommit", true, 503, "SERVICE_UNAVAILABLE");
	}

	public static Fault unavailableAfterCommit() {
		return failing("unavailableAfterCommit", false, 503, "SERVICE_UNAVAILABLE");
	}

	/** 503 with {@code Retry-After: 5}; nothing was started. */
	public static Fault authUnavailable() {
		Effect effect = failing("", true, 503, "AUTH_UNAVAILABLE").effect();
		return before("authUnavailable", (served, scene) -> effect.on(served, scene).with(Map.of("Retry-After", "5")));
	}

	/** 503 with that {@code Retry-After}; nothing was started. */
	public static Fault unavailableFor(Duration retryAfter) {
		Effect effect = failing("", true, 503, "SERVICE_UNAVAILABLE").effect();
		return before("unavailableFor", (served, scene) -> effect.on(served, scene)
			.with(Map.of("Retry-After", Long.toString(retryAfter.toSeconds()))));
	}

	/** An enveloped refusal of any kind; nothing was started. */
	public static Fault refused(int status, String code) {
		return failing("refused", true, status, code);
	}

	/** The same words, though the request was handled. */
	public static Fault refusedAfterCommit(int status, String code) {
		return failing("refusedAfterCommit", false, status, code);
	}

	public static Fault duplicatedRef() {
		return failing("duplicatedRef", true, 403, "DUPLICATED_REF");
	}

	/** 429 with that {@code Retry-After}, none remaining, and a reset that agrees. */
	public static Fault limited(Duration retryAfter) {
		return before("limited", (served, scene) -> FaultEffects.limited(served, scene, retryAfter));
	}

	/** A page of HTML from the edge; the request never got through. */
	public static Fault htmlBeforeCommit(int status) {
		return before("htmlBeforeCommit", (served, scene) -> FaultEffects.html(served, status));
	}

	/** A page of HTML from the edge, though the request was handled. */
	public static Fault htmlAfterCommit(int status) {
		return after("htmlAfterCommit", (served, scene) -> FaultEffects.html(served, status));
	}

	/** The real status with half of the JSON, as a complete HTTP body. */
	public static Fault truncatedJson() {
		return after("truncatedJson", (served, scene) -> FaultEffects.halved(served));
	}

	/** The true body under another status: an error that holds what a success would. */
	public static Fault otherStatus(int status) {
		return after("otherStatus", (served, scene) -> served.withStatus(status));
	}

	/** The real status and length, half of the body, then the connection is closed. */
	public static Fault bodyCutShort() {
		return after("bodyCutShort", (served, scene) -> served.delivered(new Delivery.CutShort()));
	}

	/** The body trickles, one byte after each pause of real time. */
	public static Fault slowBody(Duration pause) {
		return after("slowBody", (served, scene) -> served.delivered(new Delivery.Trickled(pause)));
	}

	/** Handled at once, answered after that much real time. */
	public static Fault delayed(Duration delay) {
		return after("delayed", (served, scene) -> served.delivered(new Delivery.Late(delay)));
	}

	public static Fault rateHeadersMissing() {
		return after("rateHeadersMissing", (served, scene) -> FaultEffects.withoutRateHeaders(served));
	}

	public static Fault rateHeadersMalformed() {
		return rateHeaders("many", "-", "soon").named("rateHeadersMalformed");
	}

	public static Fault rateHeadersAbsurd() {
		return rateHeaders("99999999999999999999", "-5", "9999999999999").named("rateHeadersAbsurd");
	}

	/** The answer is true but says that nothing remains in the window. */
	public static Fault nothingRemaining() {
		return after("nothingRemaining", (served, scene) -> served.with(Map.of("X-RateLimit-Remaining", "0")));
	}

	/** The true answer with these rate-limit headers. */
	public static Fault rateHeaders(String limit, String remaining, String reset) {
		Map<String, String> headers = Map.of("X-RateLimit-Limit", limit, "X-RateLimit-Remaining", remaining,
				"X-RateLimit-Reset", reset);
		return after("rateHeaders", (served, scene) -> served.with(headers));
	}

	private Fault named(String other) {
		return new Fault(other, this.before, this.hidden, this.effect);
	}

	private static Fault failing(String name, boolean before, int status, String code) {
		return new Fault(name, before, Duration.ZERO,
				(served, scene) -> FaultEffects.error(served, scene, status, code));
	}

	private static Fault before(String name, Effect effect) {
		return new Fault(name, true, Duration.ZERO, effect);
	}

	private static Fault after(String name, Effect effect) {
		return new Fault(name, false, Duration.ZERO, effect);
	}

}
