package dz.flexy.gateway.account;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** How upstream accounts stand. */
enum AccountMeter implements MeterDocumentation {

	STANDING(Meter.Type.GAUGE, "gateway.account.standing",
			"1 for how the account's key stands as this replica knows it, 0 for the others; all 0 "
					+ "until it was read once",
			"account: <account>", "standing: active | read-only | unverified | stopped"),
	SENDS_STOPPED(Meter.Type.GAUGE, "gateway.account.sends.stopped", "1 while a person has stopped the account's sends",
			"account: <account>");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	AccountMeter(Meter.Type type, String meter, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	/** The state is the caller's to keep. */
	<T> void gauge(MeterRegistry meters, T state, ToDoubleFunction<T> value, String... tags) {
		Gauge.builder(this.meter, state, value).description(this.meaning).tags(tags).register(meters);
	}

	@Override
	public String getName() {
		return this.meter;
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
