package dz.flexy.gateway.upstream;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Whether a purchase's first byte has been handed to the connection. */
final class FirstByte {

	private final Sinks.Empty<Void> left = Sinks.empty();

	private volatile boolean gone;

	void leaves() {
		this.gone = true;
		this.left.tryEmitEmpty();
	}

	boolean hasLeft() {
		return this.gone;
	}

	/** Completes when it leaves. */
	Mono<Void> left() {
		return this.left.asMono();
	}

}
