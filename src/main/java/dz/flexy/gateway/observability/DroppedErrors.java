package dz.flexy.gateway.observability;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

import org.springframework.stereotype.Component;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Errors that come when whoever waited for them has left. A connection that its other end
 * closed is one with each caller who leaves while his request is read, and no fault of
 * ours; Reactor would print its stack as an error each time.
 */
@Component
class DroppedErrors {

	private static final Logger log = LoggerFactory.getLogger(DroppedErrors.class);

	/** Reactor has one hook for the whole process. */
	DroppedErrors() {
		Hooks.onErrorDropped(DroppedErrors::tell);
	}

	private static void tell(Throwable dropped) {
		if (DisconnectedClientHelper.isClientDisconnectedException(dropped)) {
			log.debug("a connection was closed that nobody waits for any more: {}", dropped.toString());
		}
		else {
			log.error("an error that nobody waits for any more", dropped);
		}
	}

}
