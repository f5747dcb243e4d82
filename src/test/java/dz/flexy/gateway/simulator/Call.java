package dz.flexy.gateway.simulator;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A request as received. The path stays encoded, so that an encoded slash remains part of
 * its segment.
 *
 * @param key the {@code X-Access-Token}, if one was sent
 * @param address the client's IP address
 */
record Call(String method, String path, Map<String, String> query, String body, @Nullable String key, String address) {

	static Call of(HttpServerRequest request, String body) {
		QueryStringDecoder target = new QueryStringDecoder(request.uri());
		Map<String, String> query = target.parameters()
			.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (entry) -> entry.getValue().getFirst()));
		return new Call(request.method().name(), target.rawPath(), query, body,
				request.requestHeaders().get("X-Access-Token"), address(request));
	}

	List<String> segments() {
		return Arrays.stream(this.path.substring(1).split("/", -1)).toList();
	}

	/** Percent-decodes one segment; a plus sign is a plus sign. */
	static String decoded(String segment) {
		return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
	}

	private static String address(HttpServerRequest request) {
		InetSocketAddress remote = request.remoteAddress();
		return (remote == null) ? "unknown" : remote.getAddress().getHostAddress();
	}

}
