package dz.flexy.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A setting as its record describes it.
 *
 * @param name full, with a name in angle brackets where any may stand
 * @param standard what it is if it is not set, empty if nothing
 * @param description from the record's comment
 */
record DocumentedSetting(String name, String standard, String description) {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final Path SOURCES = Path.of("src/main/java/dz/flexy/gateway");

	private static final Set<String> SECRETS = Set.of("api-key", "card-key", "old-card-keys");

	/** Values of these are described by records that the metadata leaves out. */
	private static final Map<String, Path> MAPS = Map.of("gateway.callers.<c>",
			SOURCES.resolve("callers/CallersProperties.java"), "gateway.upstream.accounts.<a>",
			SOURCES.resolve("account/AccountsProperties.java"));

	private static final Pattern NESTED = Pattern
		.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s+record Settings\\((.*?)\\) \\{", Pattern.DOTALL);

	private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) ((?:(?!@param).)*)", Pattern.DOTALL);

	private static final Pattern COMPONENT = Pattern
		.compile("(?:@DefaultValue(?:\\(\"([^\"]*)\"\\))? |@Nullable )?[\\w<>]+ (\\w+)(?:,|$)");

	/** Each once, by name. */
	static Stream<DocumentedSetting> all() {
		Map<String, DocumentedSetting> found = new LinkedHashMap<>();
		StreamSupport.stream(metadata().path("properties").spliterator(), false)
			.filter((property) -> name(property).startsWith("gateway."))
			.filter((property) -> !property.path("type").asString("").startsWith("java.util.Map"))
			.sorted(Comparator.comparing(DocumentedSetting::isBorrowed))
			.forEach((property) -> found.putIfAbsent(name(property), of(property)));
		return Stream.concat(found.values().stream(),
				MAPS.entrySet().stream().flatMap((map) -> nested(map.getKey(), map.getValue())));
	}

	/** All but its own name. */
	String group() {
		return this.name.substring(0, this.name.lastIndexOf('.'));
	}

	/** Of a table. */
	String row() {
		String standard = !this.standard.isEmpty() ? this.standard
				: this.description.contains("required") ? "required" : "none";
		boolean secret = SECRETS.contains(this.name.substring(this.name.lastIndexOf('.') + 1));
		return "| `" + this.name + "` | " + standard + " | " + (secret ? "secret; " : "") + this.description + " |\n";
	}

	/** A setting of another module's group that a second one reads too. */
	private static boolean isBorrowed(JsonNode property) {
		String group = name(property).split("\\.")[1];
		return !property.path("sourceType").asString("").contains("." + group + ".");
	}

	private static String name(JsonNode property) {
		return property.path("name").asString("");
	}

	private static DocumentedSetting of(JsonNode property) {
		JsonNode standard = property.path("defaultValue");
		return new DocumentedSetting(name(property), standard.isMissingNode() ? "" : standard.asString(""),
				plain(property.path("description").asString("")));
	}

	private static Stream<DocumentedSetting> nested(String prefix, Path source) {
		MatchResult record = NESTED.matcher(read(source)).results().findFirst().orElseThrow();
		Map<String, String> comments = PARAMETER.matcher(record.group(1).replaceAll("\\s*\\n\\s*\\*", ""))
			.results()
			.collect(Collectors.toMap((parameter) -> parameter.group(1), (parameter) -> parameter.group(2)));
		return COMPONENT.matcher(record.group(2).replaceAll("\\s+", " "))
			.results()
			.map((component) -> new DocumentedSetting(prefix + "." + dashed(component.group(2)),
					Objects.requireNonNullElse(component.group(1), ""),
					plain(comments.getOrDefault(component.group(2), ""))));
	}

	private static String dashed(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	private static String plain(String comment) {
		return comment.replaceAll("\\{@code ([^}]*)}", "`$1`").replaceAll("\\s+", " ").trim();
	}

	private static JsonNode metadata() {
		try (InputStream metadata = FlexyGateway.class.getClassLoader().getResourceAsStream(METADATA)) {
			return new JsonMapper().readTree(Objects.requireNonNull(metadata));
		}
		catch (IOException unreadable) {
			throw new UncheckedIOException(unreadable);
		}
	}

	private static String read(Path source) {
		try {
			return Files.readString(source);
		}
		catch (IOException unreadable) {
			throw new UncheckedIOException(unreadable);
		}
	}

}
