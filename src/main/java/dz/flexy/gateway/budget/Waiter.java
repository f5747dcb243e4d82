package dz.flexy.gateway.budget;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** One who waits for a permit. A permit that crosses his cancel goes back. */
final class Waiter {

	private final MonoSink<Permit> sink;

	private @Nullable Permit permit;

	private boolean gone;

	Waiter(MonoSink<Permit> sink) {
		this.sink = sink;
	}

	void admit(Permit given) {
		synchronized (this) {
			this.permit = given;
		}
		this.sink.success(given);
		if (isGone()) {
			given.abandon();
		}
	}

	void refuse(Throwable reason) {
		this.sink.error(reason);
	}

	/** A permit with which a call has begun is its own and not his any more. */
	void cancel() {
		Permit given;
		synchronized (this) {
			this.gone = true;
			given = this.permit;
		}
		if (given != null) {
			given.abandon();
		}
	}

	private synchronized boolean isGone() {
		return this.gone;
	}

}
