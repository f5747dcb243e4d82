package dz.flexy.gateway.dispatch;

import reactor.core.publisher.Mono;

/**
 * Cuts work loose from the request that asked for it: the caller may hang up, the work
 * goes on.
 */
final class Detached {

	private Detached() {
	}

	/**
	 * Runs to the end once subscribed, whether or not the subscriber waits. The
	 * subscriber's context goes along. A failure that nobody waits for any more is none
	 * of the process's.
	 */
	static <T> Mono<T> run(Mono<T> work) {
		return Mono
			.deferContextual((context) -> Mono.fromFuture(work.materialize().contextWrite(context).toFuture(), true)
				.dematerialize());
	}

}
