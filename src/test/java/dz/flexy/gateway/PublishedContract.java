package dz.flexy.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dz.flexy.gateway.problem.ErrorCode;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * {@code openapi.yaml}, held against what the gateway answers: path, status, headers and
 * body, where a field that is not written down is a fault too. Violations are thrown, and
 * kept for those whose thrower was not listened to.
 */
final class PublishedContract {

	static final String DOCUMENT = "/openapi.yaml";

	private static final String LOCATION = "https://gateway.invalid/openapi.json#";

	private static final JsonMapper JSON = new JsonMapper();

	/** What the HTTP server answers by itself to what is hardly HTTP. */
	private static final Set<Integer> OF_SERVER = Set.of(400, 413, 414, 431);

	/** What may be said before a path is looked for, and when there is none. */
	private static final Set<ErrorCode> WITHOUT_ROUTE = Set.of(ErrorCode.NOT_FOUND, ErrorCode.ERR_VALIDATION,
			ErrorCode.MISSING_ACCESS_TOKEN, ErrorCode.INVALID_ACCESS_TOKEN, ErrorCode.RATE_LIMIT_EXCEEDED);

	private static final String FAILURE = "/components/schemas/Failure";

	private final JsonNode document;

	private final SchemaRegistry registry;

	private final List<PathPattern> paths;

	private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	PublishedContract(JsonNode document) {
		this.document = document;
		JsonNode strict = document.deepCopy();
		new Closing(strict).close();
		this.registry = SchemaRegistry.withDefaultDialect(Dialects.getOpenApi31(),
				(builder) -> builder.schemas(Map.of(LOCATION.replace("#", ""), strict.toString())));
		this.paths = document.path("paths")
			.propertyNames()
			.stream()
			.map(PathPatternParser.defaultInstance::parse)
			.sorted(Comparator.comparing((pattern) -> pattern, PathPattern.SPECIFICITY_COMPARATOR))
			.toList();
	}

	/** The one of this build, read once. */
	static PublishedContract shared() {
		return Shared.CONTRACT;
	}

	static JsonNode read() {
		try (InputStream yaml = PublishedContract.class.getResourceAsStream(DOCUMENT)) {
			return new YAMLMapper().readTree(yaml);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	JsonNode document() {
		return this.document;
	}

	/** Forgets what was found, and fails if that is not nothing. */
	void assertKept() {
		List<String> found = new ArrayList<>();
		for (String violation = this.violations.poll(); violation != null; violation = this.violations.poll()) {
			found.add(violation);
		}
		if (!found.isEmpty()) {
			throw new AssertionError("answers that openapi.yaml does not know: " + String.join("\n", found));
		}
	}

	/**
	 * Checks one whole answer.
	 * @param path as it was asked for, escapes and query included
	 * @param body empty if there was none
	 * @throws AssertionError if the document does not allow it
	 */
	void check(HttpMethod method, String path, int status, HttpHeaders headers, byte[] body) {
		String plain = path.replaceAll("[?#].*", "");
		List<String> faults = new ArrayList<>();
		Optional<JsonNode> operation = operation(method, plain);
		if (operation.isPresent()) {
			checkDocumented(operation.get(), method, status, headers, body, faults);
		}
		else if (!plain.startsWith("/actuator")) {
			checkUnrouted(method, status, headers, body, faults);
		}
		report(method + " " + path + " " + status + " " + text(body), faults);
	}

	/**
	 * Checks an event's data.
	 * @param path of its stream
	 */
	void check(String path, ServerSentEvent<String> event) {
		String plain = path.replaceAll("[?#].*", "");
		JsonNode schema = operation(HttpMethod.GET, plain).map((operation) -> operation.path("x-events"))
			.orElseThrow(() -> new AssertionError("no stream " + path))
			.path(Objects.requireNonNullElse(event.event(), ""));
		List<String> faults = new ArrayList<>();
		if (schema.isMissingNode()) {
			faults.add("no such event");
		}
		else {
			validate(pointer(schema), JSON.readTree(Objects.requireNonNull(event.data())), faults);
		}
		report("event " + event.event() + " on " + path + " " + event.data(), faults);
	}

	/**
	 * What does not fit a schema.
	 * @param pointer of the schema in the document
	 */
	List<String> faults(String pointer, JsonNode value) {
		List<String> faults = new ArrayList<>();
		validate(pointer, value, faults);
		return faults;
	}

	private void report(String what, List<String> faults) {
		if (!faults.isEmpty()) {
			String violation = what + ": " + String.join("; ", faults);
			this.violations.add(violation);
			throw new AssertionError("openapi.yaml does not know " + violation);
		}
	}

	private Optional<JsonNode> operation(HttpMethod method, String path) {
		return this.paths.stream()
			.filter((pattern) -> matches(pattern, path))
			.findFirst()
			.map((pattern) -> this.document.path("paths")
				.path(pattern.getPatternString())
				.path(method.name().toLowerCase(Locale.ROOT)))
			.filter(JsonNode::isObject);
	}

	/** A path with a broken escape is none. */
	private static boolean matches(PathPattern pattern, String path) {
		try {
			return pattern.matches(PathContainer.parsePath(path));
		}
		catch (IllegalArgumentException broken) {
			return false;
		}
	}

	private void checkDocumented(JsonNode operation, HttpMethod method, int status, HttpHeaders headers, byte[] body,
			List<String> faults) {
		JsonNode responses = operation.path("responses");
		JsonNode told = responses.path(Integer.toString(status));
		if (told.isMissingNode() && ofServer(status, headers, body)) {
			return;
		}
		if (told.isMissingNode()) {
			told = responses.path("default");
		}
		if (told.isMissingNode()) {
			faults.add("undocumented status");
			return;
		}
		if (ofServer(status, headers, body)) {
			return;
		}
		String pointer = told.has("$ref") ? pointer(told) : pointerOf(method, operation, told, status);
		JsonNode response = this.document.at(JsonPointer.compile(pointer));
		checkHeaders(response.path("headers"), headers, faults);
		checkBody(response.path("content"), pointer + "/content", headers, body, faults);
	}

	private String pointerOf(HttpMethod method, JsonNode operation, JsonNode told, int status) {
		String path = this.document.path("paths")
			.propertyStream()
			.filter((entry) -> entry.getValue().path(method.name().toLowerCase(Locale.ROOT)) == operation)
			.findFirst()
			.orElseThrow()
			.getKey();
		String key = operation.path("responses").has(Integer.toString(status)) ? Integer.toString(status) : "default";
		return "/paths/" + escaped(path) + "/" + method.name().toLowerCase(Locale.ROOT) + "/responses/" + key;
	}

	private static boolean ofServer(int status, HttpHeaders headers, byte[] body) {
		return OF_SERVER.contains(status) && body.length == 0 && !headers.containsHeader("X-Request-ID");
	}

	private void checkHeaders(JsonNode documented, HttpHeaders headers, List<String> faults) {
		for (Map.Entry<String, JsonNode> entry : documented.properties()) {
			String pointer = pointer(entry.getValue());
			JsonNode header = this.document.at(JsonPointer.compile(pointer));
			String value = headers.getFirst(entry.getKey());
			if (value != null) {
				validate(pointer + "/schema", new StringNode(value), faults);
			}
			else if (header.path("required").asBoolean(false)) {
				faults.add("header " + entry.getKey() + " is missing");
			}
		}
	}

	private void checkBody(JsonNode content, String pointer, HttpHeaders headers, byte[] body, List<String> faults) {
		MediaType type = headers.getContentType();
		if (content.isMissingNode()) {
			if (body.length > 0) {
				faults.add("undocumented body");
			}
			return;
		}
		String name = (type != null) ? type.getType() + "/" + type.getSubtype() : "none";
		if (!content.has(name)) {
			faults.add("undocumented content type " + name);
		}
		else if (name.equals(MediaType.APPLICATION_JSON_VALUE)) {
			JsonNode answer = JSON.readTree(body);
			validate(pointer + "/" + escaped(name) + "/schema", answer, faults);
			checkFacts(answer, faults);
		}
	}

	/** The single case keeps to what the code says of all. */
	private static void checkFacts(JsonNode answer, List<String> faults) {
		Stream.of(ErrorCode.values())
			.filter((code) -> code.name().equals(answer.at("/error/code").asString("")))
			.findFirst()
			.ifPresent((code) -> {
				JsonNode details = answer.at("/error/details");
				if (code.money() != ErrorCode.Money.PERHAPS && details.path("moneyMayHaveMoved").asBoolean(false)) {
					faults.add("money never moves with " + code);
				}
				if (code.repeat() == ErrorCode.Repeat.SAFE && !details.path("retrySafe").asBoolean(true)
						|| code.repeat() == ErrorCode.Repeat.NO && details.path("retrySafe").asBoolean(false)) {
					faults.add("a repeat of " + code + " is " + code.repeat());
				}
			});
	}

	/** No such path or method: never anything but the envelope. */
	private void checkUnrouted(HttpMethod method, int status, HttpHeaders headers, byte[] body, List<String> faults) {
		MediaType type = headers.getContentType();
		boolean told = type != null && type.isCompatibleWith(MediaType.APPLICATION_JSON);
		if (ofServer(status, headers, body) || method.equals(HttpMethod.HEAD)) {
			return;
		}
		if (!told) {
			faults.add("undocumented path without envelope");
			return;
		}
		JsonNode answer = JSON.readTree(body);
		validate(FAILURE, answer, faults);
		String code = answer.at("/error/code").asString("");
		if (WITHOUT_ROUTE.stream().noneMatch((known) -> known.name().equals(code) && known.status() == status)) {
			faults.add("undocumented path");
		}
	}

	private void validate(String pointer, JsonNode value, List<String> faults) {
		this.schemas.computeIfAbsent(pointer, (place) -> this.registry.getSchema(SchemaLocation.of(LOCATION + place)))
			.validate(value)
			.forEach((error) -> faults.add(error.getInstanceLocation() + " " + error.getMessage()));
	}

	private static String pointer(JsonNode reference) {
		return reference.path("$ref").asString().substring(1);
	}

	static String escaped(String key) {
		return key.replace("~", "~0").replace("/", "~1");
	}

	private static String text(byte[] body) {
		return new String(body, StandardCharsets.UTF_8);
	}

	private static final class Shared {

		static final PublishedContract CONTRACT = warm(new PublishedContract(read()));

		/** Loads the texts of faults now: an event loop may not. */
		private static PublishedContract warm(PublishedContract contract) {
			contract.faults(FAILURE, new StringNode(""));
			return contract;
		}

	}

	/**
	 * Forbids what is not written down in each object that says nothing about more. Parts
	 * of a composition stay open, the composition is closed instead.
	 */
	private static final class Closing {

		private final JsonNode document;

		private final Set<String> parts = new TreeSet<>();

		Closing(JsonNode document) {
			this.document = document;
		}

		void close() {
			this.document.findValues("allOf")
				.forEach((all) -> all.forEach((part) -> this.parts.add(part.path("$ref").asString("none"))));
			JsonNode schemas = this.document.path("components").path("schemas");
			schemas.properties()
				.forEach((entry) -> close(entry.getValue(),
						!this.parts.contains("#/components/schemas/" + entry.getKey())));
			this.document.path("components").path("responses").forEach(this::closeContent);
			this.document.path("paths")
				.forEach(
						(path) -> path.forEach((operation) -> operation.path("responses").forEach(this::closeContent)));
		}

		private void closeContent(JsonNode response) {
			response.path("content").forEach((media) -> close(media.path("schema"), true));
		}

		private void close(JsonNode schema, boolean closed) {
			boolean composed = schema.has("allOf");
			boolean names = schema.has("properties") || composed;
			if (closed && names && !schema.has("additionalProperties") && schema instanceof ObjectNode object) {
				object.put("unevaluatedProperties", false);
			}
			if (!composed) {
				Map<String, JsonNode> inner = new LinkedHashMap<>();
				schema.path("properties").properties().forEach((entry) -> inner.put(entry.getKey(), entry.getValue()));
				inner.values().forEach((property) -> close(property, true));
				close(schema, "items");
			}
			else {
				schema.path("allOf")
					.forEach((part) -> part.path("properties").forEach((property) -> closePart(property)));
			}
		}

		/**
		 * A part narrows what another part closes; only whole values in it are closed.
		 */
		private void closePart(JsonNode property) {
			if (property.has("type")) {
				close(property, true);
			}
		}

		private void close(JsonNode schema, String name) {
			if (schema.has(name)) {
				close(schema.path(name), true);
			}
		}

	}

}
