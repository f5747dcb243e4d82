package dz.flexy.gateway;

import java.util.function.Supplier;

/**
 * Starts contexts one after the other: Boot sets up the logging of the whole process with
 * each, and does not expect company.
 */
public final class ContextStart {

	private ContextStart() {
	}

	public static synchronized <T> T alone(Supplier<T> start) {
		return start.get();
	}

}
