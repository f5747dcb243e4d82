package dz.flexy.gateway.problem;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a request may take.
 *
 * @param timeout from its headers to the end of its body, above 0; by default longer than
 * the 30 s after which a body that is to be passed on is answered with 400
 */
@ConfigurationProperties("gateway.request")
record RequestProperties(@DefaultValue("40s") Duration timeout) {

	RequestProperties {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new InvalidSetting("gateway.request.timeout", "must be longer than 0, was " + timeout);
		}
	}

}
