package dz.flexy.gateway.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/** Counts what the upstream says beyond its documents, {@code gateway.upstream.drift}. */
@Component
class Drift {

	private static final Logger log = LoggerFactory.getLogger(Drift.class);

	private final MeterRegistry meters;

	Drift(MeterRegistry meters) {
		this.meters = meters;
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
		this.meters.counter("gateway.upstream.drift", "kind", kind).increment();
	}

}
