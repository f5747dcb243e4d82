package dz.flexy.gateway.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands behind a failed exchange. */
final class Causes {

	private static final int DEEPEST = 20;

	/** By name: Reactor Netty keeps its pool's types to itself. */
	private static final Set<String> OF_THE_POOL = Set.of("PoolAcquireTimeoutException",
			"PoolAcquirePendingLimitException");

	private Causes() {
	}

	/**
	 * Whether it is no fault of the upstream's: a step of ours stopped the call, or our
	 * own calls have all connections.
	 */
	static boolean ours(Throwable failure) {
		return chain(failure).stream()
			.anyMatch((cause) -> cause instanceof LastStepFailed || cause instanceof PermitRanOut
					|| OF_THE_POOL.contains(cause.getClass().getSimpleName()));
	}

	/** Class names only: messages may carry addresses and numbers. */
	static String describe(Throwable failure) {
		return chain(failure).getLast().getClass().getSimpleName();
	}

	private static List<Throwable> chain(Throwable failure) {
		List<Throwable> chain = new ArrayList<>();
		for (Throwable cause = failure; cause != null && chain.size() < DEEPEST; cause = cause.getCause()) {
			chain.add(cause);
		}
		return chain;
	}

}
