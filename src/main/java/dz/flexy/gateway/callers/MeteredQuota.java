package dz.flexy.gateway.callers;

import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.http.HttpHeaders;

/** The quota of a caller's own key; a browser's session has one that nobody watches. */
final class MeteredQuota {

	private final Quota quota;

	private final Counter admitted;

	private final Counter limited;

	MeteredQuota(CallerId caller, Quota quota, MeterRegistry meters) {
		this.quota = quota;
		String name = caller.value();
		this.admitted = CallerMeter.REQUESTS.counter(meters, "caller", name, "outcome", "admitted");
		this.limited = CallerMeter.REQUESTS.counter(meters, "caller", name, "outcome", "limited");
		CallerMeter.QUOTA.gauge(meters, quota, Quota::allowed, "caller", name);
		CallerMeter.QUOTA_LEFT.gauge(meters, quota, Quota::available, "caller", name);
	}

	/** As {@link Quota#demand}. */
	void demand(HttpHeaders answer) {
		try {
			this.quota.demand(answer);
			this.admitted.increment();
		}
		catch (Problem tooMany) {
			this.limited.increment();
			throw tooMany;
		}
	}

}
