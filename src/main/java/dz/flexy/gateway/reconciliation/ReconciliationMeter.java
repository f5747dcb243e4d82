package dz.flexy.gateway.reconciliation;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** Books against books. */
enum ReconciliationMeter implements MeterDocumentation {

	OPEN(Meter.Type.GAUGE, "gateway.reconciliation.open", "", "breaks that are open, as last read",
			"account: <account>",
			"class: AMOUNT_DIFFERS | CHARGED_NOT_REFUNDED | OURS_ONLY | STATUS_DIFFERS | THEIRS_ONLY"),
	AGE(Meter.Type.GAUGE, "gateway.reconciliation.age", "seconds",
			"since the end of what was last compared in full, not a number if nothing was", "account: <account>"),
	FOUND(Meter.Type.COUNTER, "gateway.reconciliation.found", "", "breaks that were new", "account: <account>",
			"class: AMOUNT_DIFFERS | CHARGED_NOT_REFUNDED | OURS_ONLY | STATUS_DIFFERS | THEIRS_ONLY"),
	RUNS(Meter.Type.COUNTER, "gateway.reconciliation.runs", "", "comparisons that ended", "account: <account>",
			"complete: true | false");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	ReconciliationMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
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
