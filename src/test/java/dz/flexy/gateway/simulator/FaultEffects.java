package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Map;

/**
 * What the faults put in the place of an answer. The served answer's rate-limit headers
 * are kept unless the fault is about them.
 */
final class FaultEffects {

	private FaultEffects() {
	}

	static Answer error(Answer served, Scene scene, int status, String code) {
		return instead(served, Envelope.failure(status, code, "Scripted failure", scene));
	}

	static Answer limited(Answer served, Scene scene, Duration retryAfter) {
		long reset = Admission.ceiling(scene.now().plus(retryAfter));
		long seconds = retryAfter.plusNanos(999_999_999).toSeconds();
		return error(served, scene, 429, "RATE_LIMIT_EXCEEDED").with(Map.of("Retry-After", Long.toString(seconds),
				"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", Long.toString(reset)));
	}

	static Answer html(Answer served, int status) {
		String page = "<html><head><title>" + status + "</title></head><body>edge error " + status + "</body></html>";
		return instead(served, Answer.of(status, "text/html; charset=UTF-8", page)).without("X-Request-ID");
	}

	static Answer halved(Answer served) {
		return served.withBody(served.body().half());
	}

	static Answer withoutRateHeaders(Answer served) {
		return served.without("X-RateLimit-Limit").without("X-RateLimit-Remaining").without("X-RateLimit-Reset");
	}

	private static Answer instead(Answer served, Answer other) {
		return served.withBody(other.body()).with(other.headers()).withStatus(other.status());
	}

}
