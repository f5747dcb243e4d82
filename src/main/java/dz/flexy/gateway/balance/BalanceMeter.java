package dz.flexy.gateway.balance;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** The upstream's money. */
enum BalanceMeter implements MeterDocumentation {

	BALANCE(Meter.Type.GAUGE, "gateway.balance", "dzd",
			"the account's balance as this replica last read it, not a number until then", "account: <account>"),
	AGE(Meter.Type.GAUGE, "gateway.balance.age", "seconds",
			"since it was read, 6 min at most while the upstream can be asked", "account: <account>"),
	LASTS(Meter.Type.GAUGE, "gateway.balance.lasts", "seconds",
			"until it is empty, if it goes down as in the last hour; infinite if it did not, not a "
					+ "number until it was read twice",
			"account: <account>");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	BalanceMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
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
