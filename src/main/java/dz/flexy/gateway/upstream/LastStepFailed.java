package dz.flexy.gateway.upstream;

import org.jspecify.annotations.Nullable;

/** The purchase was stopped by its own last step, before the first byte. */
final class LastStepFailed extends RuntimeException {

	LastStepFailed(String reason, @Nullable Throwable cause) {
		super(reason, cause, false, false);
	}

}
