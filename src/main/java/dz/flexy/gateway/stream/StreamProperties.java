package dz.flexy.gateway.stream;

import java.time.Duration;

import dz.flexy.gateway.problem.InvalidSetting;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Event streams.
 *
 * @param heartbeat time between two heartbeats of a stream, 10ms or more; proxies and
 * clients that hear nothing for longer give up
 * @param lifetime a stream is ended after about this time, so that streams spread over
 * the replicas again; its client comes back and misses nothing
 * @param patience a reader that takes nothing for this time is cut off, 10ms or more
 */
@ConfigurationProperties("gateway.stream")
record StreamProperties(@DefaultValue("15s") Duration heartbeat, @DefaultValue("1h") Duration lifetime,
		@DefaultValue("60s") Duration patience) {

	private static final long SHORTEST_MILLIS = 10;

	StreamProperties {
		positive("heartbeat", heartbeat);
		positive("patience", patience);
		if (heartbeat.compareTo(lifetime) >= 0) {
			throw new InvalidSetting("gateway.stream.heartbeat",
					"must be shorter than gateway.stream.lifetime (" + lifetime + "), was " + heartbeat);
		}
	}

	private static void positive(String name, Duration value) {
		if (value.toMillis() < SHORTEST_MILLIS) {
			throw new InvalidSetting("gateway.stream." + name, "must be 10ms or more, was " + value);
		}
	}

}
