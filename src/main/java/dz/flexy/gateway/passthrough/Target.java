package dz.flexy.gateway.passthrough;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * Path and query as the caller wrote them, once nothing is in them that the upstream, or
 * anything between, could read in another way than the routes here did.
 */
final class Target {

	/** Longest query; a ref of 100 characters, escaped, takes 900. */
	private static final int LONGEST_QUERY = 4096;

	/**
	 * Ids and references of the documents need no escapes (contract sections 6 and 7).
	 */
	private static final String NAME = "[A-Za-z0-9_.~-]{1,100}";

	private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(/|$)");

	/** RFC 3986 section 3.4, without escapes. */
	private static final String QUERY_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			+ "-._~!$&'()*+,;=:@/?";

	private static final Map<Endpoint, Pattern> PATHS = Stream.of(Endpoint.values())
		.collect(Collectors.toUnmodifiableMap(Function.identity(),
				(endpoint) -> Pattern.compile(endpoint.pattern().replaceAll("\\{\\w+}", NAME))));

	private Target() {
	}

	/**
	 * Reads it.
	 * @throws Problem 404 for a path that is not the endpoint's letter by letter, 400 for
	 * a query that is none or a target with a host of its own
	 */
	static String of(ServerHttpRequest request, Endpoint endpoint) {
		if (!isOriginForm(request)) {
			throw invalid("the request target must be a path");
		}
		return of(request.getURI(), endpoint);
	}

	static String of(URI uri, Endpoint endpoint) {
		String path = uri.getRawPath();
		if (!Objects.requireNonNull(PATHS.get(endpoint)).matcher(path).matches() || DOTS.matcher(path).find()) {
			throw Problem.of(ErrorCode.NOT_FOUND, "no route " + endpoint.method() + " " + path);
		}
		if (uri.getRawFragment() != null) {
			throw invalid("the request target must be a path");
		}
		String query = uri.getRawQuery();
		if (query == null) {
			return path;
		}
		if (query.length() > LONGEST_QUERY || !isQuery(query)) {
			throw invalid("the query must be at most " + LONGEST_QUERY + " characters of RFC 3986");
		}
		return path + "?" + query;
	}

	/** RFC 9112 section 3.2.2 would let a client name another host. */
	private static boolean isOriginForm(ServerHttpRequest request) {
		Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
		return !(connection instanceof HttpServerRequest written) || written.uri().startsWith("/");
	}

	private static boolean isQuery(String query) {
		for (int i = 0; i < query.length(); i++) {
			char character = query.charAt(i);
			if (character == '%') {
				if (i + 2 >= query.length() || !isHex(query.charAt(i + 1)) || !isHex(query.charAt(i + 2))) {
					return false;
				}
				i += 2;
			}
			else if (QUERY_CHARACTERS.indexOf(character) < 0) {
				return false;
			}
		}
		return true;
	}

	private static boolean isHex(char character) {
		return Character.digit(character, 16) >= 0 && character < 128;
	}

	private static Problem invalid(String message) {
		return Problem.of(ErrorCode.ERR_VALIDATION, message).detail("field", "query").money(false, true);
	}

}
