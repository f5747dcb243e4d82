package dz.flexy.gateway.upstream;

import java.net.URI;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/**
 * A caller's request as it is passed on.
 *
 * @param endpoint name for logs and meters, never with an id or ref in it
 * @param method how it is asked
 * @param target path and query, byte for byte as the caller wrote them; begins with
 * {@code /v3/} and holds nothing that a URI may not
 * @param headers those that go along; the key is added here, and answers are asked for
 * uncompressed
 * @param binary whether a good answer may be a file
 */
public record Onward(String endpoint, HttpMethod method, String target, HttpHeaders headers, boolean binary) {

	/** What every endpoint passed on begins with. */
	private static final String PREFIX = "/v3/";

	public Onward {
		if (!target.startsWith(PREFIX)) {
			throw new IllegalArgumentException("not a path of the upstream's");
		}
	}

	URI at(URI base) {
		return URI.create(base.toString().replaceFirst("/+$", "") + this.target);
	}

	void putHeaders(HttpHeaders to) {
		this.headers.forEach(to::put);
		to.set(HttpHeaders.ACCEPT_ENCODING, "identity");
	}

	/** Ids and references stand in the target. */
	@Override
	public String toString() {
		return "Onward[" + this.endpoint + "]";
	}

}
