package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.problem.Envelope;
import org.jspecify.annotations.Nullable;

/** JSON fields in the order shown; what is not known is left out. */
final class View {

	private final Map<String, Object> fields;

	View() {
		this(new LinkedHashMap<>());
	}

	View(Map<String, Object> fields) {
		this.fields = fields;
	}

	View put(String name, @Nullable Object value) {
		if (value instanceof Instant instant) {
			this.fields.put(name, Envelope.timestamp(instant));
		}
		else if (value instanceof BigDecimal amount) {
			this.fields.put(name, plain(amount));
		}
		else if (value != null) {
			this.fields.put(name, value);
		}
		return this;
	}

	Map<String, Object> fields() {
		return this.fields;
	}

	/** Without the trailing zeros that arithmetic leaves, but never as a power of ten. */
	static BigDecimal plain(BigDecimal amount) {
		BigDecimal plain = amount.stripTrailingZeros();
		return (plain.scale() < 0) ? plain.setScale(0) : plain;
	}

}
