package dz.flexy.gateway.stream;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Ends all streams when the gateway stops: the server's graceful shutdown waits for open
 * responses, and a stream would stay open until its patience ends.
 */
@Component
class Closing {

	private final ApplicationContext context;

	private final Sinks.Empty<Void> begun = Sinks.empty();

	Closing(ApplicationContext context) {
		this.context = context;
	}

	/** Completes when the gateway begins to stop. */
	Mono<Void> begun() {
		return this.begun.asMono();
	}

	/** The management server's context closes with an event of its own. */
	@EventListener
	void closed(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.begun.tryEmitEmpty();
		}
	}

}
