package dz.flexy.gateway.signal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * How replicas wake each other.
 *
 * @param enabled whether by {@code NOTIFY}; without it each looks by itself, at least
 * once a second
 */
@ConfigurationProperties("gateway.signal")
record SignalProperties(@DefaultValue("true") @Name("notify") boolean enabled) {
}
