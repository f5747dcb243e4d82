package dz.flexy.gateway.upstream;

import java.net.URI;
import java.time.Duration;

import dz.flexy.gateway.problem.SettingFaults;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the upstream is reached.
 *
 * @param baseUrl scheme, host and port; paths begin with {@code /v3}
 * @param connectTimeout until the connection stands
 * @param acquireTimeout until a pooled connection is had
 * @param responseTimeout from the first byte to the end of the answer; public clients use
 * 15 to 30 s (contract section 11, row 40)
 * @param connections connections per lane at most; 120 calls a minute whose answers take
 * 15 s need 30
 * @param maxIdleTime an unused connection is closed after this, before a load balancer
 * would
 * @param maxLifeTime any connection is closed after this
 */
@ConfigurationProperties("gateway.upstream")
record UpstreamProperties(@DefaultValue("https://api.oneclickdz.com") URI baseUrl,
		@DefaultValue("2s") Duration connectTimeout, @DefaultValue("2s") Duration acquireTimeout,
		@DefaultValue("15s") Duration responseTimeout, @DefaultValue("32") int connections,
		@DefaultValue("20s") Duration maxIdleTime, @DefaultValue("5m") Duration maxLifeTime) {

	UpstreamProperties {
		SettingFaults faults = new SettingFaults();
		faults.demand(
				baseUrl.getHost() != null && baseUrl.getScheme() != null && baseUrl.getScheme().startsWith("http"),
				"gateway.upstream.base-url", "must be http(s)://host[:port], was " + baseUrl);
		faults.demand(connectTimeout.compareTo(responseTimeout) < 0, "gateway.upstream.connect-timeout",
				"must be shorter than gateway.upstream.response-timeout (" + responseTimeout + ")");
		faults.demand(connections >= 1, "gateway.upstream.connections", "must be 1 or more, was " + connections);
		faults.raise();
	}

	/** Longest time one exchange may take in all. */
	Duration wholeTimeout() {
		return this.acquireTimeout.plus(this.connectTimeout).plus(this.responseTimeout);
	}

}
