package dz.flexy.gateway.passthrough;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for every send.
 *
 * @param hold whether nothing is sent: for the time after a restore
 */
@ConfigurationProperties("gateway.dispatch")
record HoldProperties(@DefaultValue("false") boolean hold) {
}
