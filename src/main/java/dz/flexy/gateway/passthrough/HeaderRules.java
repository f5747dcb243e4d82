package dz.flexy.gateway.passthrough;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.http.HttpHeaders;

/**
 * Which headers go along. Both ways it is a list of those that do, so whatever belongs to
 * one connection alone, or to one of the two parties, stays where it is.
 */
final class HeaderRules {

	private static final List<String> ONWARD = List.of(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE,
			HttpHeaders.CONTENT_TYPE);

	private static final List<String> BACK = List.of(HttpHeaders.CACHE_CONTROL, HttpHeaders.CONTENT_LANGUAGE,
			HttpHeaders.ETAG, HttpHeaders.LAST_MODIFIED, HttpHeaders.RETRY_AFTER);

	/** What tells of a file's bytes; an envelope's are written anew. */
	private static final List<String> OF_FILES = List.of(HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_LENGTH,
			HttpHeaders.CONTENT_DISPOSITION);

	private HeaderRules() {
	}

	/** From the caller to the upstream. */
	static HttpHeaders onward(HttpHeaders from) {
		HttpHeaders to = new HttpHeaders();
		copy(ONWARD, from, to);
		return to;
	}

	/** From the upstream to the caller, with an envelope. */
	static void back(HttpHeaders from, HttpHeaders to) {
		copy(BACK, from, to);
	}

	/** From the upstream to the caller, with a file. */
	static void backWithFile(HttpHeaders from, HttpHeaders to) {
		copy(BACK, from, to);
		copy(OF_FILES, from, to);
	}

	/** What came with a file that never came. */
	static void withdraw(HttpHeaders headers) {
		BACK.forEach(headers::remove);
		OF_FILES.forEach(headers::remove);
	}

	private static void copy(List<String> names, HttpHeaders from, HttpHeaders to) {
		Set<String> ofTheConnection = ofTheConnection(from);
		for (String name : names) {
			List<String> values = from.get(name);
			if (values != null && !ofTheConnection.contains(name.toLowerCase(Locale.ROOT))) {
				to.put(name, List.copyOf(values));
			}
		}
	}

	/** Those that {@code Connection} names (RFC 9110 section 7.6.1). */
	private static Set<String> ofTheConnection(HttpHeaders headers) {
		return headers.getOrEmpty(HttpHeaders.CONNECTION)
			.stream()
			.flatMap((value) -> Stream.of(value.split(",")))
			.map((name) -> name.strip().toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
	}

}
