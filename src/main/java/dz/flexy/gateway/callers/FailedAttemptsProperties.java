package dz.flexy.gateway.callers;

import java.time.Duration;

import dz.flexy.gateway.problem.SettingFaults;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many unknown keys one address may show.
 *
 * @param limit in a window, 1 or more; per replica
 * @param window begins with the first of them; 1 s or more
 */
@ConfigurationProperties("gateway.failed-attempts")
record FailedAttemptsProperties(@DefaultValue("20") int limit, @DefaultValue("60s") Duration window) {

	FailedAttemptsProperties {
		SettingFaults faults = new SettingFaults();
		faults.demand(limit >= 1, "gateway.failed-attempts.limit", "must be 1 or more, was " + limit);
		faults.demand(window.toMillis() >= 1000, "gateway.failed-attempts.window", "must be 1s or more, was " + window);
		faults.raise();
	}

}
