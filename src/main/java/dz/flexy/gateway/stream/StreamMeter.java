package dz.flexy.gateway.stream;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** Streams of order events. */
enum StreamMeter implements MeterDocumentation {

	OPEN(Meter.Type.GAUGE, "gateway.stream.open", "streams that are open on this replica"),
	REFUSED(Meter.Type.COUNTER, "gateway.stream.refused",
			"streams that were refused because the caller, the address or the browser had as many as they may",
			"limit: caller | address | session"),
	EVENTS(Meter.Type.COUNTER, "gateway.stream.events", "events told to readers"),
	CONFLATED(Meter.Type.COUNTER, "gateway.stream.conflated", "events told in place of earlier ones, to a slow reader"),
	CUT(Meter.Type.COUNTER, "gateway.stream.cut",
			"streams cut off; unread: takes nothing, behind: more orders wait than are kept, "
					+ "farewell: did not take the farewell of a gateway that stops or of an authority that ended",
			"reason: unread | behind | farewell");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	StreamMeter(Meter.Type type, String meter, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
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
