package dz.flexy.gateway.breaker;

import java.util.List;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** Circuit breakers, as Resilience4j meters them: each replica has its own. */
enum BreakerMeter implements MeterDocumentation {

	STATE(Meter.Type.GAUGE, "resilience4j.circuitbreaker.state", "",
			"1 for the state that a breaker is in; an open one stays so until a call comes", "account: <account>",
			"family: internet | mobile | gift-cards | other", "side: read | send", "name: <breaker>",
			"state: closed | open | half_open | disabled | forced_open | metrics_only"),
	FAILURE_RATE(Meter.Type.GAUGE, "resilience4j.circuitbreaker.failure.rate", "",
			"percent of the last 20 calls that failed, -1 while fewer than 10 count", "account: <account>",
			"family: internet | mobile | gift-cards | other", "side: read | send", "name: <breaker>"),
	CALLS(Meter.Type.TIMER, "resilience4j.circuitbreaker.calls", "seconds", "calls that were let through",
			"account: <account>", "family: internet | mobile | gift-cards | other", "side: read | send",
			"name: <breaker>", "kind: successful | failed | ignored"),
	NOT_PERMITTED(Meter.Type.COUNTER, "resilience4j.circuitbreaker.not.permitted.calls", "", "calls that were not",
			"account: <account>", "family: internet | mobile | gift-cards | other", "side: read | send",
			"name: <breaker>", "kind: not_permitted"),
	BUFFERED(Meter.Type.GAUGE, "resilience4j.circuitbreaker.buffered.calls", "",
			"of the last 20 calls those that count", "account: <account>",
			"family: internet | mobile | gift-cards | other", "side: read | send", "name: <breaker>",
			"kind: successful | failed"),
	SLOW_CALLS(Meter.Type.GAUGE, "resilience4j.circuitbreaker.slow.calls", "",
			"of those the ones over a minute, which change nothing", "account: <account>",
			"family: internet | mobile | gift-cards | other", "side: read | send", "name: <breaker>",
			"kind: successful | failed"),
	SLOW_RATE(Meter.Type.GAUGE, "resilience4j.circuitbreaker.slow.call.rate", "",
			"the same in percent, -1 while fewer than 10 count", "account: <account>",
			"family: internet | mobile | gift-cards | other", "side: read | send", "name: <breaker>");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	BreakerMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
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
