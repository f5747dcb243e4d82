package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.Map;

/**
 * One request as it arrived. Text fields are empty where the request has no such thing.
 *
 * @param position from 0, in order of arrival
 * @param template the route's path with braces, or {@code unknown}
 * @param ref of a body or a check-ref's path
 * @param id of a path
 * @param number the customer's number, in whichever field it came
 * @param status what the client was sent, 0 when it was sent nothing
 */
public record ReceivedRequest(int position, Instant at, String method, String path, String template,
		Map<String, String> query, String body, String key, String ref, String id, String number, int status) {

	/** The status of a request that isn't answered yet. */
	public static final int UNANSWERED = -1;

	ReceivedRequest answered(int answer) {
		return new ReceivedRequest(this.position, this.at, this.method, this.path, this.template, this.query, this.body,
				this.key, this.ref, this.id, this.number, answer);
	}

	/** Whether it orders something: send and placeOrder. */
	public boolean isSend() {
		return this.template.endsWith("/send") || this.template.endsWith("/placeOrder");
	}

	/** Whether it asks after orders: check-id, check-ref, checkOrder or list. */
	public boolean isLookup() {
		return this.template.contains("/check-id/") || this.template.contains("/check-ref/")
				|| this.template.contains("/checkOrder/") || this.template.endsWith("/list");
	}

}
