package dz.flexy.gateway.polling;

import java.util.List;

import dz.flexy.gateway.account.Family;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** How open orders are followed. */
enum PollingMeter implements MeterDocumentation {

	SWEEPS(Meter.Type.TIMER, "gateway.polling.sweeps", "seconds",
			"sweeps of one family, those with nothing to look at included", "account: <account>",
			"family: internet | mobile | gift-cards", "result: done | failed"),
	ORDERS(Meter.Type.COUNTER, "gateway.polling.orders", "",
			"orders that were looked for in list pages; missed: not shown there, so read alone",
			"family: internet | mobile | gift-cards", "result: found | missed", "sweep: quick | slow"),
	DROPPED(Meter.Type.COUNTER, "gateway.polling.dropped", "", "beats that found the last sweep still running");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	PollingMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	/** Counts the orders that a sweep has looked for. */
	static void orders(MeterRegistry meters, String sweep, Family family, int found, int missed) {
		ORDERS.counter(meters, "family", family.label(), "result", "found", "sweep", sweep).increment(found);
		ORDERS.counter(meters, "family", family.label(), "result", "missed", "sweep", sweep).increment(missed);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
	}

	Timer timer(MeterRegistry meters, String... tags) {
		return Timer.builder(this.meter).description(this.meaning).tags(tags).register(meters);
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
