package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import tools.jackson.databind.node.ObjectNode;

/**
 * A payment link, good for one payment within 20 minutes. Its status changes under the
 * lock of its book only.
 */
final class PaymentLink {

	static final Duration LIFE = Duration.ofMinutes(20);

	private final String ref;

	/** The request's fields, the defaults filled in. */
	private final ObjectNode terms;

	private final Instant createdAt;

	private volatile String forced = "";

	PaymentLink(String ref, ObjectNode terms, Instant createdAt) {
		this.ref = ref;
		this.terms = terms;
		this.createdAt = createdAt;
	}

	String ref() {
		return this.ref;
	}

	ObjectNode terms() {
		return this.terms.deepCopy();
	}

	BigDecimal amount() {
		return this.terms.path("productInfo").path("amount").decimalValue();
	}

	Instant createdAt() {
		return this.createdAt;
	}

	String status(Instant now) {
		if (!this.forced.isEmpty()) {
			return this.forced;
		}
		return now.isBefore(this.createdAt.plus(LIFE)) ? "PENDING" : "FAILED";
	}

	void force(String status) {
		this.forced = status;
	}

}
