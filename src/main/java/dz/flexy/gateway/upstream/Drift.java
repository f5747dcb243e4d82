package dz.flexy.gateway.upstream;

import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Counts what the upstream says beyond its documents. */
@Component
class Drift {

	private static final Logger log = LoggerFactory.getLogger(Drift.class);

	private final MeterRegistry meters;

	Drift(MeterRegistry meters) {
		this.meters = meters;
		List.of("status", "code", "movement", "shape")
			.forEach((kind) -> UpstreamMeter.DRIFT.counter(meters, "kind", kind));
	}

	void status(String status) {
		count("status", status);
	}

	void code(String code) {
		count("code", code);
	}

	void movement(String type) {
		count("movement", type);
	}

	void shape(String endpoint) {
		count("shape", endpoint);
	}

	private void count(String kind, String what) {
		log.warn("upstream drift: unknown {} {}", kind, Plain.text(what));
		UpstreamMeter.DRIFT.counter(this.meters, "kind", kind).increment();
	}

}
