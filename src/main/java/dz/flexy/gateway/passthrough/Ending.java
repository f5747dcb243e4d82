package dz.flexy.gateway.passthrough;

import dz.flexy.gateway.passthrough.Payment.State;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Passed;
import dz.flexy.gateway.upstream.Reply;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What became of a payment, as it is stored.
 *
 * @param state never {@code SENDING}
 * @param status of the upstream's answer, if it was its own
 * @param upstreamId what was paid or made
 * @param reason for operators
 */
record Ending(State state, @Nullable Integer status, @Nullable String upstreamId, @Nullable String reason) {

	static Ending of(Passed passed, JsonMapper json) {
		Integer status = passed.reply().map(Reply::status).orElse(null);
		return switch (passed.outcome()) {
			case Outcome.Success<Reply> success ->
				new Ending(State.ANSWERED, status, upstreamId(success.value(), json), null);
			case Outcome.Refused<Reply> refused -> new Ending(State.REFUSED, status, null, refused.refusal().code());
			case Outcome.NotSent<Reply> notSent -> new Ending(State.NOT_SENT, status, null, notSent.reason());
			case Outcome.MayHaveActed<Reply> unclear -> new Ending(State.UNKNOWN, status, null, unclear.reason());
		};
	}

	/** Of a bill payment or of a link (contract sections 7 and 6.6). */
	private static @Nullable String upstreamId(Reply reply, JsonMapper json) {
		if (!(reply instanceof Reply.Whole whole)) {
			return null;
		}
		try {
			JsonNode data = json.readTree(whole.json().bytes()).path("data");
			String transaction = Payment.text(data.path("transactionId"));
			return (transaction != null) ? transaction : Payment.text(data.path("paymentRef"));
		}
		catch (JacksonException | NumberFormatException unreadable) {
			return null;
		}
	}

}
