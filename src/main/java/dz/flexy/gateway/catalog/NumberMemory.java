package dz.flexy.gateway.catalog;

import reactor.core.publisher.Mono;

/** Remembers verdicts on numbers, across restarts and replicas. */
interface NumberMemory {

	/** Emits what is still good, with the time that it is good for; else empty. */
	Mono<Verdict> find(String type, String number);

	/** Replaces what was remembered; completes when stored. */
	Mono<Void> remember(String type, String number, Verdict verdict);

}
