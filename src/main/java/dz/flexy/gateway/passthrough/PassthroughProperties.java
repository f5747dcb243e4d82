package dz.flexy.gateway.passthrough;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for every lookup of a caller's; the catalogue refuses what is out of range.
 *
 * @param lookupWait how long a caller's read waits for its turn upstream; one that would
 * wait longer is refused with 503
 */
@ConfigurationProperties("gateway.catalog")
record PassthroughProperties(@DefaultValue("60s") Duration lookupWait) {
}
