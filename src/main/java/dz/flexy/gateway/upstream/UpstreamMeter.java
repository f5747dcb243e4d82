package dz.flexy.gateway.upstream;

import java.util.List;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** Calls of the upstream. */
enum UpstreamMeter implements MeterDocumentation {

	CALLS(Meter.Type.TIMER, "gateway.upstream.calls", "seconds",
			"calls that left, and those that failed before a byte did", "endpoint: <endpoint>",
			"lane: send | settle | track | lookup | refresh", "outcome: success | refused | not-sent | may-have-acted"),
	DRIFT(Meter.Type.COUNTER, "gateway.upstream.drift", "",
			"what the upstream said beyond its documents: an unknown status, error code, ledger "
					+ "movement, or shape of an answer",
			"kind: status | code | movement | shape"),
	TIMEOUTS(Meter.Type.COUNTER, "resilience4j.timelimiter.calls", "",
			"reads by how they ended, as Resilience4j counts them", "name: <endpoint>",
			"kind: successful | failed | timeout"),
	RETRIES(Meter.Type.COUNTER, "resilience4j.retry.calls", "",
			"reads that a caller waited for; only these are repeated, once", "name: <endpoint>",
			"kind: successful_without_retry | successful_with_retry | failed_without_retry | failed_with_retry");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	UpstreamMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
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
