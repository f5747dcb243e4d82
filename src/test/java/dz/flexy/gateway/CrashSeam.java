package dz.flexy.gateway;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Mono;

/**
 * Stops the process, as a power cut does, once so many orders and payments have come to
 * one point; each waits there for the others. One start of the process then tries the
 * point for all of them.
 */
final class CrashSeam {

	private final CrashPoint point;

	private final int expected;

	private final Set<String> come = ConcurrentHashMap.newKeySet();

	CrashSeam(CrashPoint point, int expected) {
		this.point = point;
		this.expected = expected;
	}

	boolean isAt(CrashPoint other) {
		return this.point == other;
	}

	/** Does not return once all have come. */
	void come(String whoever) {
		this.come.add(whoever);
		if (this.come.size() >= this.expected) {
			Runtime.getRuntime().halt(this.point.exit());
		}
	}

	/** Completes at once, or never at the point at which the process stops. */
	Mono<Void> pass(CrashPoint passed, Collection<String> whoever) {
		return Mono.defer(() -> {
			if (!isAt(passed)) {
				return Mono.empty();
			}
			whoever.forEach(this::come);
			return Mono.never();
		});
	}

}
