package dz.flexy.gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A host that a client of the upstream talks to, and the ids that this client got there.
 */
final class Side {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Pattern KNOWN = Pattern.compile("\\$([a-z0-9]+)");

	private final WebClient client;

	private final URI host;

	private final String key;

	private final Map<String, String> known = new ConcurrentHashMap<>();

	private Side(WebClient client, URI host, String key) {
		this.client = client;
		this.host = host;
		this.key = key;
	}

	static Side upstream(URI host, String key) {
		return new Side(WebClient.create(), host, key);
	}

	/** Its answers are held against the published contract too. */
	static Side gateway(URI host, String key) {
		return new Side(WebClient.builder().filter(ContractFilter.shared()).build(), host, key);
	}

	String key() {
		return this.key;
	}

	/**
	 * Asks it.
	 * @param path with the query; {@code $name} stands for what is known by that name
	 * @param token the key that is shown, or none
	 * @param body a JSON body, in which names stand as well, or none
	 */
	Mono<Given> ask(String method, String path, @Nullable String token, @Nullable String body) {
		WebClient.RequestBodySpec request = this.client.method(HttpMethod.valueOf(method))
			.uri(URI.create(this.host + filled(path)));
		if (token != null) {
			request.header("X-Access-Token", token);
		}
		if (body != null) {
			request.header(HttpHeaders.CONTENT_TYPE, "application/json")
				.bodyValue(filled(body).getBytes(StandardCharsets.UTF_8));
		}
		return request.exchangeToMono((response) -> response.toEntity(byte[].class)).map(Given::of);
	}

	void remember(String name, String value) {
		this.known.put(name, value);
	}

	String known(String name) {
		return Objects.requireNonNull(this.known.get(name), name);
	}

	private String filled(String text) {
		return KNOWN.matcher(text).replaceAll((name) -> Matcher.quoteReplacement(known(name.group(1))));
	}

	/** What was answered. */
	record Given(int status, HttpHeaders headers, byte[] body) {

		static Given of(ResponseEntity<byte[]> response) {
			byte[] body = response.getBody();
			return new Given(response.getStatusCode().value(), response.getHeaders(),
					(body != null) ? body : new byte[0]);
		}

		AnswerShape shape() {
			return AnswerShape.of(this.status, this.headers, this.body);
		}

		JsonNode json() {
			return JSON.readTree(this.body);
		}

	}

}
