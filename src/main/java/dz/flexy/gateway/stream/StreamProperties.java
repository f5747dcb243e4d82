package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import dz.flexy.gateway.problem.SettingFaults;

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
 * @param perCaller streams that a caller may have open on one replica
 * @param perAddress streams that may be open on one replica from one address, behind
 * which may be a proxy with all browsers
 * @param corsOrigins pages of which other origins may read {@code /orders}, each like
 * {@code https://shop.example}; with none no other
 */
@ConfigurationProperties("gateway.stream")
record StreamProperties(@DefaultValue("15s") Duration heartbeat, @DefaultValue("1h") Duration lifetime,
		@DefaultValue("60s") Duration patience, @DefaultValue("15000") int perCaller,
		@DefaultValue("15000") int perAddress, @DefaultValue List<String> corsOrigins) {

	private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#*@\\s]+");

	private static final long SHORTEST_MILLIS = 10;

	StreamProperties {
		SettingFaults faults = new SettingFaults();
		positive(faults, "heartbeat", heartbeat);
		positive(faults, "patience", patience);
		atLeastOne(faults, "per-caller", perCaller);
		atLeastOne(faults, "per-address", perAddress);
		corsOrigins.forEach((origin) -> named(faults, origin));
		faults.demand(heartbeat.compareTo(lifetime) < 0, "gateway.stream.heartbeat",
				"must be shorter than gateway.stream.lifetime (" + lifetime + "), was " + heartbeat);
		faults.raise();
	}

	private static void atLeastOne(SettingFaults faults, String name, int value) {
		faults.demand(value >= 1, "gateway.stream." + name, "must be 1 or more, was " + value);
	}

	/** Credentials are allowed, so each must be named. */
	private static void named(SettingFaults faults, String origin) {
		faults.demand(ORIGIN.matcher(origin).matches(), "gateway.stream.cors-origins",
				"must be origins such as https://shop.example, without *, was " + origin);
	}

	private static void positive(SettingFaults faults, String name, Duration value) {
		faults.demand(value.toMillis() >= SHORTEST_MILLIS, "gateway.stream." + name,
				"must be 10ms or more, was " + value);
	}

}
