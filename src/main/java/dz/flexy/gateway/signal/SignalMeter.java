package dz.flexy.gateway.signal;

import java.util.List;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** How replicas wake each other. */
enum SignalMeter implements MeterDocumentation {

	SENT(Meter.Type.COUNTER, "gateway.signal.sent", "wake-ups that were told to other replicas"),
	RESTARTS(Meter.Type.COUNTER, "gateway.loop.restarts",
			"times that the connection for wake-ups was lost and made anew", "loop: signal");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	SignalMeter(Meter.Type type, String meter, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
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
