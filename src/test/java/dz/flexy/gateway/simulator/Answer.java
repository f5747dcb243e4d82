package dz.flexy.gateway.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A decided answer with the way it will be delivered. Immutable.
 *
 * @param committed what this request bought, if it did
 */
record Answer(int status, Map<String, String> headers, Body body, Delivery delivery, @Nullable Deal committed) {

	static final String JSON = "application/json; charset=utf-8";

	Answer {
		headers = Map.copyOf(headers);
	}

	static Answer of(int status, String contentType, String body) {
		return of(status, contentType, new Body.Text(body));
	}

	static Answer of(int status, String contentType, Body body) {
		return new Answer(status, Map.of("Content-Type", contentType), body, new Delivery.Whole(), null);
	}

	static Answer json(int status, String body) {
		return of(status, JSON, body);
	}

	static Answer nothing(Delivery delivery) {
		return json(500, "").delivered(delivery);
	}

	Answer with(Map<String, String> more) {
		Map<String, String> merged = new LinkedHashMap<>(this.headers);
		merged.putAll(more);
		return new Answer(this.status, merged, this.body, this.delivery, this.committed);
	}

	Answer without(String header) {
		Map<String, String> fewer = new LinkedHashMap<>(this.headers);
		fewer.remove(header);
		return new Answer(this.status, fewer, this.body, this.delivery, this.committed);
	}

	Answer withStatus(int other) {
		return new Answer(other, this.headers, this.body, this.delivery, this.committed);
	}

	Answer withBody(Body other) {
		return new Answer(this.status, this.headers, other, this.delivery, this.committed);
	}

	Answer delivered(Delivery other) {
		return new Answer(this.status, this.headers, this.body, other, this.committed);
	}

	Answer committing(@Nullable Deal deal) {
		return new Answer(this.status, this.headers, this.body, this.delivery, deal);
	}

	/** The status the client will see, 0 when it will see none. */
	int visibleStatus() {
		return (this.delivery instanceof Delivery.Lost || this.delivery instanceof Delivery.Hang) ? 0 : this.status;
	}

}
