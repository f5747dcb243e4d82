package dz.flexy.gateway.catalog;

import java.time.Duration;

import dz.flexy.gateway.problem.InvalidSetting;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How products and numbers are looked up.
 *
 * @param lookupWait how long a caller's lookup waits for its turn upstream, 1s to 5m; one
 * that would wait longer is refused with 503
 */
@ConfigurationProperties("gateway.catalog")
record CatalogProperties(@DefaultValue("60s") Duration lookupWait) {

	private static final Duration LONGEST = Duration.ofMinutes(5);

	CatalogProperties {
		if (lookupWait.toMillis() < 1000 || lookupWait.compareTo(LONGEST) > 0) {
			throw new InvalidSetting("gateway.catalog.lookup-wait", "must be 1s to 5m, was " + lookupWait);
		}
	}

}
