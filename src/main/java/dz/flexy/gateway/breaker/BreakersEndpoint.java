package dz.flexy.gateway.breaker;

import java.util.List;
import java.util.Map;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/** {@code /actuator/breakers} on the management port; can only be read. */
@Component
@Endpoint(id = "breakers")
class BreakersEndpoint {

	private final Breakers breakers;

	BreakersEndpoint(Breakers breakers) {
		this.breakers = breakers;
	}

	/**
	 * All breakers of this replica that were asked so far.
	 * @return under {@code breakers}, by account, family and side
	 */
	@ReadOperation
	Map<String, List<BreakerReport>> breakers() {
		return Map.of("breakers", this.breakers.reports());
	}

}
