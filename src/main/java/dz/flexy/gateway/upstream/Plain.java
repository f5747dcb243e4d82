package dz.flexy.gateway.upstream;

/**
 * Text of the upstream's as it may be stored, logged and shown: no control characters,
 * which a log would take for lines and PostgreSQL refuses, and not endless.
 */
final class Plain {

	private static final int LONGEST = 500;

	private Plain() {
	}

	static String text(String raw) {
		String bounded = (raw.length() > LONGEST) ? raw.substring(0, LONGEST) : raw;
		return bounded.replaceAll("\\p{Cntrl}", " ").strip();
	}

}
