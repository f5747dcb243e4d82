package dz.flexy.gateway.polling;

import java.time.Duration;

import dz.flexy.gateway.problem.InvalidSetting;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How open orders are followed.
 *
 * @param sweep how often; the upstream's own clients poll every 5 to 10 s (contract
 * section 10.4)
 * @param cardWait pause before a fulfilled order without a code is read again; the third
 * read is the last
 */
@ConfigurationProperties("gateway.polling")
record PollingProperties(@DefaultValue("5s") Duration sweep, @DefaultValue("30s") Duration cardWait) {

	PollingProperties {
		if (sweep.toMillis() < 50) {
			throw new InvalidSetting("gateway.polling.sweep", "must be 50ms or more, was " + sweep);
		}
	}

}
