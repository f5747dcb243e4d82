package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** The ledger. */
enum OrderMeter implements MeterDocumentation {

	OPEN(Meter.Type.GAUGE, "gateway.orders.open", "",
			"orders that are not final; over all replicas, at most 10 s old, not a number while they cannot be counted",
			"family: internet | mobile | gift-cards",
			"state: ACCEPTED | SENDING | SEND_UNKNOWN | PENDING | HANDLING | QUEUED | UNKNOWN_ERROR"),
	OLDEST(Meter.Type.GAUGE, "gateway.orders.oldest", "seconds",
			"since the oldest of them was accepted, 0 if there is none; likewise",
			"family: internet | mobile | gift-cards",
			"state: ACCEPTED | SENDING | SEND_UNKNOWN | PENDING | HANDLING | QUEUED | UNKNOWN_ERROR"),
	FLAGGED(Meter.Type.GAUGE, "gateway.orders.flagged", "", "orders that ask for a person; likewise",
			"family: internet | mobile | gift-cards"),
	REACHABLE(Meter.Type.GAUGE, "gateway.orders.ledger.reachable", "",
			"1 if the database answered when this replica last asked it, at most 10 s ago"),
	SYNCHRONOUS(Meter.Type.GAUGE, "gateway.orders.commits.synchronous", "",
			"1 if commits wait for a standby, 0 if the loss of the database's machine may lose orders; not a number while it cannot be asked"),
	ENTERED(Meter.Type.COUNTER, "gateway.orders.entered", "",
			"times that an order came to a state, ACCEPTED for new ones; each is counted on the "
					+ "replica that moved it",
			"family: internet | mobile | gift-cards",
			"state: ACCEPTED | SENDING | SEND_UNKNOWN | PENDING | HANDLING | QUEUED | UNKNOWN_ERROR | "
					+ "FULFILLED | PARTIALLY_FILLED | REFUNDED | REJECTED"),
	TIME_IN_STATE(Meter.Type.TIMER, "gateway.orders.time.in.state", "seconds",
			"how long orders were in a state that they left; SEND_UNKNOWN is how long they were ambiguous; "
					+ "buckets of 1, 5, 15, 60, 300 and 3600 s",
			"family: internet | mobile | gift-cards",
			"state: ACCEPTED | SENDING | SEND_UNKNOWN | PENDING | HANDLING | QUEUED | UNKNOWN_ERROR"),
	TIME_TO_FINAL(Meter.Type.TIMER, "gateway.orders.time.to.final", "seconds",
			"from acceptance to the first final state; buckets of 5, 15, 45, 120 and 600 s, 1, 12 and 48 h",
			"family: internet | mobile | gift-cards", "state: FULFILLED | PARTIALLY_FILLED | REFUNDED | REJECTED"),
	ERASED(Meter.Type.COUNTER, "gateway.orders.erased", "", "orders of which number, reference and codes were erased"),
	CARD_KEYS_MISSING(Meter.Type.GAUGE, "gateway.orders.card.keys.missing", "",
			"keys that cards are encrypted with and that are not configured");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	OrderMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
	}

	Timer timer(MeterRegistry meters, String... tags) {
		return Timer.builder(this.meter)
			.description(this.meaning)
			.serviceLevelObjectives(buckets())
			.tags(tags)
			.register(meters);
	}

	/**
	 * What is promised and what is worth telling apart; each is a series for each tag.
	 */
	private Duration[] buckets() {
		IntStream seconds = (this == TIME_IN_STATE) ? IntStream.of(1, 5, 15, 60, 300, 3600)
				: IntStream.of(5, 15, 45, 120, 600, 3600, 12 * 3600, 48 * 3600);
		return seconds.mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
	}

	/** The state is the caller's to keep. */
	<T> void gauge(MeterRegistry meters, T state, ToDoubleFunction<T> value, String... tags) {
		Gauge.builder(this.meter, state, value)
			.description(this.meaning)
			.baseUnit(getBaseUnit())
			.tags(tags)
			.register(meters);
	}

	@Override
	public String getName() {
		return this.meter;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.unit.isEmpty() ? null : this.unit;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public KeyName[] getKeyNames() {
		return tags().stream().map((tag) -> (KeyName) () -> tag.substring(0, tag.indexOf(':'))).toArray(KeyName[]::new);
	}

	/** Each with a colon and the values that it takes. */
	List<String> tags() {
		return this.tags.isEmpty() ? List.of() : List.of(this.tags.split("; "));
	}

	/** Half a sentence for whoever reads the figures. */
	String meaning() {
		return this.meaning;
	}

}
