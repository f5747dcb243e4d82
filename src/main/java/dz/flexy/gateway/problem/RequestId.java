package dz.flexy.gateway.problem;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.web.server.ServerWebExchange;

/**
 * The id of one inbound request, in the documented shape
 * {@code req_<Unix seconds>_<random>}. It stands in {@code X-Request-ID}, in the envelope
 * and in every log line that the request causes.
 *
 * @param value the id as shown
 */
public record RequestId(String value) {

	static final String HEADER = "X-Request-ID";

	private static final RequestId NONE = new RequestId("-");

	static RequestId next(Clock clock, SecureRandom random) {
		byte[] tail = new byte[6];
		random.nextBytes(tail);
		return new RequestId("req_" + clock.instant().getEpochSecond() + "_" + HexFormat.of().formatHex(tail));
	}

	/**
	 * The id of the exchange's request.
	 * @param exchange any exchange that passed this module's filter
	 * @return the id, {@code -} before the filter ran
	 */
	public static RequestId of(ServerWebExchange exchange) {
		return exchange.getAttributeOrDefault(RequestId.class.getName(), NONE);
	}

	/**
	 * The id of the request on whose behalf a pipeline runs.
	 * @param context the Reactor context
	 * @return the id, {@code -} in a background job
	 */
	public static RequestId of(ContextView context) {
		return context.hasKey(RequestId.class) ? context.get(RequestId.class) : NONE;
	}

	/**
	 * Carries the id into a pipeline.
	 * @param context the context to add to
	 * @return the context with this id
	 */
	public Context in(Context context) {
		return context.put(RequestId.class, this);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
