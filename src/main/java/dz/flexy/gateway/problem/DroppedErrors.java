package dz.flexy.gateway.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

import org.springframework.stereotype.Component;

/**
 * Errors that come when whoever waited for them has left. A connection that its other end
 * closed is one with each caller who leaves while his request is read, and no fault of
 * ours; Reactor would print its stack as an error each time.
 */
@Component
class DroppedErrors {

	private static final Logger log = LoggerFactory.getLogger(DroppedErrors.class);

	/** Reactor adds each to those before, for the whole process. */
	DroppedErrors() {
		Hooks.resetOnErrorDropped();
		Hooks.onErrorDropped(DroppedErrors::tell);
	}

	private static void tell(Throwable dropped) {
		if (ProblemRenderer.isCutShort(dropped)) {
			log.debug("a connection was closed that nobody waits for any more: {}", dropped.toString());
		}
		else {
			log.error("an error that nobody waits for any more", dropped);
		}
	}

}
