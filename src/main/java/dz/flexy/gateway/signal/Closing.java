package dz.flexy.gateway.signal;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Tells that this replica begins to stop, before anything of it does. The server's
 * graceful shutdown waits for open responses, so whatever would keep one open ends by
 * this.
 */
@Component
public class Closing {

	private final ApplicationContext context;

	private final Sinks.Empty<Void> begun = Sinks.empty();

	private volatile boolean closing;

	/**
	 * Of one application.
	 * @param context whose end it tells
	 */
	public Closing(ApplicationContext context) {
		this.context = context;
	}

	/**
	 * When the gateway begins to stop.
	 * @return completes then, at once if it has begun; never fails
	 */
	public Mono<Void> begun() {
		return this.begun.asMono();
	}

	/**
	 * Whether the gateway has begun to stop: nothing new is taken on.
	 * @return whether
	 */
	public boolean hasBegun() {
		return this.closing;
	}

	/**
	 * Begins. The management server's context closes with an event of its own.
	 * @param event of any context
	 */
	@EventListener
	public void closed(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.closing = true;
			this.begun.tryEmitEmpty();
		}
	}

}
