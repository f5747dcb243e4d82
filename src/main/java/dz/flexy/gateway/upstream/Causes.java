package dz.flexy.gateway.upstream;

import java.util.ArrayList;
import java.util.List;

/** What stands behind a failed exchange. */
final class Causes {

	private static final int DEEPEST = 20;

	private Causes() {
	}

	/** Whether a step of ours stopped the send. */
	static boolean ours(Throwable failure) {
		return chain(failure).stream().anyMatch(LastStepFailed.class::isInstance);
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
