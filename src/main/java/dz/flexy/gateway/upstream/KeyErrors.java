package dz.flexy.gateway.upstream;

import java.util.Locale;
import java.util.Set;

/** Codes that say the key, not the request, is refused (contract section 8). */
final class KeyErrors {

	/** Stands for a 401 without a code of its own. */
	static final String UNNAMED = "INVALID_ACCESS_TOKEN";

	private static final Set<String> CODES = Set.of("MISSING_ACCESS_TOKEN", "INVALID_ACCESS_TOKEN", "ERR_AUTH",
			"IP_BLOCKED", "IP_NOT_ALLOWED", "API_DISABLED");

	private KeyErrors() {
	}

	static boolean isOne(String code) {
		return CODES.contains(fold(code));
	}

	/** Whether the address is blocked, whatever key is shown. */
	static boolean blocksAddress(String code) {
		return fold(code).equals("IP_BLOCKED");
	}

	private static String fold(String code) {
		return code.toUpperCase(Locale.ROOT).replace('-', '_');
	}

}
