package dz.flexy.gateway.orders;

import java.util.List;

import dz.flexy.gateway.callers.Caller;

/**
 * Callers may ask for a reference in the upstream's prefixed form,
 * {@code API-<name>-<ref>} (contract section 11, row 1).
 */
final class CallerRef {

	private static final String PREFIX = "API-";

	private CallerRef() {
	}

	/** What the text may mean, likeliest first. */
	static List<String> readings(Caller caller, String text) {
		if (text.indexOf(0) >= 0) {
			// No ref has a NUL, and the database takes none.
			return List.of();
		}
		String own = PREFIX + caller.id() + "-";
		if (text.startsWith(own)) {
			return List.of(text, text.substring(own.length()));
		}
		int end = text.startsWith(PREFIX) ? text.indexOf('-', PREFIX.length()) : -1;
		return (end > 0) ? List.of(text, text.substring(end + 1)) : List.of(text);
	}

}
