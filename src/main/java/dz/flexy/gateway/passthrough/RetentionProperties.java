package dz.flexy.gateway.passthrough;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for every order; the ledger refuses what is out of range.
 *
 * @param retention how long after its end a payment keeps what it paid
 */
@ConfigurationProperties("gateway.orders")
record RetentionProperties(@DefaultValue("400d") Duration retention) {
}
