package dz.flexy.gateway.passthrough;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** Bills and payment links. */
enum PaymentMeter implements MeterDocumentation {

	UNKNOWN(Meter.Type.GAUGE, "gateway.payments.unknown",
			"payments whose answer was lost and that nobody has decided, up to 1000; at most 30 s old");

	private final Meter.Type type;

	private final String meter;

	private final String meaning;

	PaymentMeter(Meter.Type type, String meter, String meaning) {
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
