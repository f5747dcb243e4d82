package dz.flexy.gateway.callers;

import java.time.Duration;

import reactor.core.publisher.Mono;

/** What tickets must know of orders. Implemented by whoever keeps them. */
public interface OrderAccess {

	/**
	 * How much longer an order may be shown to who has only a ticket of it.
	 * @param caller who gave the ticket away
	 * @param order any text
	 * @return 24 h after the order became final at most, not positive once they are over,
	 * very long while it is not final; empty if there is no such order of the caller's
	 */
	Mono<Duration> left(CallerId caller, String order);

}
