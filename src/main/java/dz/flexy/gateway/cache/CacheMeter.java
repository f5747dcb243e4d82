package dz.flexy.gateway.cache;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** Values that are remembered. */
enum CacheMeter implements MeterDocumentation {

	REQUESTS(Meter.Type.COUNTER, "gateway.cache.requests",
			"values that were asked for; hit: remembered, stale: remembered and read anew behind it, "
					+ "shared: another asker's reading was waited for, read: read for this one",
			"cache: balance | numbers | products | plans | gift-catalog | gift-products | "
					+ "gift-products-sent | ping",
			"result: hit | stale | shared | read");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	CacheMeter(Meter.Type type, String meter, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	void counter(MeterRegistry meters, LongAdder count, String... tags) {
		FunctionCounter.builder(this.meter, count, LongAdder::sum)
			.description(this.meaning)
			.tags(tags)
			.register(meters);
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
