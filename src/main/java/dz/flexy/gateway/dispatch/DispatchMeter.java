package dz.flexy.gateway.dispatch;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** Sending. */
enum DispatchMeter implements MeterDocumentation {

	HOLD(Meter.Type.GAUGE, "gateway.dispatch.hold", "1 if this replica looks up and follows, and sends nothing");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	DispatchMeter(Meter.Type type, String meter, String meaning) {
		this.type = type;
		this.meter = meter;
		this.meaning = meaning;
	}

	/** The state is the caller's to keep. */
	<T> void gauge(MeterRegistry meters, T state, ToDoubleFunction<T> value) {
		Gauge.builder(this.meter, state, value).description(this.meaning).register(meters);
	}

	@Override
	public String getName() {
		return this.meter;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	/** Half a sentence for whoever reads the figures. */
	String meaning() {
		return this.meaning;
	}

}
