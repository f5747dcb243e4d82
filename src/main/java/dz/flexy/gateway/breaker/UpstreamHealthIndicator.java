package dz.flexy.gateway.breaker;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * What this replica's breakers say of the upstream: {@code DEGRADED} unless all are
 * closed. Calls nobody, and takes no replica out of service: the others meet the same.
 */
@Component
class UpstreamHealthIndicator implements HealthIndicator {

	private final Breakers breakers;

	UpstreamHealthIndicator(Breakers breakers) {
		this.breakers = breakers;
	}

	@Override
	public Health health() {
		Map<String, String> open = new LinkedHashMap<>();
		this.breakers.reports()
			.stream()
			.filter((report) -> !report.state().equals("CLOSED"))
			.forEach((report) -> open.put(report.account() + "-" + report.family() + "-" + report.side(),
					report.state() + " since " + report.since()));
		return open.isEmpty() ? Health.up().build() : Health.status("DEGRADED").withDetails(open).build();
	}

}
