package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.simulator.GiftOutcome;
import dz.flexy.gateway.simulator.Quirk;
import dz.flexy.gateway.simulator.SuffixOutcome;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static org.assertj.core.api.Assertions.assertThat;

/** What the documents name exists, and what they tabulate is what the code says. */
class ReadmeTest {

	/** Words in code style that look like our classes and are somebody else's. */
	private static final Set<String> FOREIGN = Set.of("BodyInserter", "BigDecimal", "EventSource", "PathPattern",
			"NullPointerException", "RateLimiter", "Location", "Prefer");

	private static final Path README = Path.of("README.md");

	private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

	private static final Pattern CLASS = Pattern.compile("([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(\\.[a-z]\\w*)?");

	private static final Pattern SETTING_ROW = Pattern.compile(
			"(?m)^\\| `(gateway\\.[^`]+)`(?:, `(\\.[^`]+)`)? \\| `([A-Z0-9_<>]+)`(?:, `(_[A-Z]+)`)? \\| ([^|]*) \\|");

	private static final Pattern CITATION = Pattern.compile(
			"[Cc]ontract sections? (\\d+(?:\\.\\d+)?)(?: and (\\d+(?:\\.\\d+)?))?(?:, rows? (\\d+)| \\(rows (\\d+) to (\\d+)\\))?");

	@Test
	void namesOnlyClassesThatExist() {
		Set<String> classes = sources().map((file) -> file.getFileName().toString().replace(".java", ""))
			.collect(Collectors.toSet());

		documents().forEach((document) -> assertThat(inCode(document).map(CLASS::matcher)
			.filter(Matcher::matches)
			.map((match) -> match.group(1))
			.filter((name) -> !FOREIGN.contains(name))).as("%s", document).isSubsetOf(classes));
	}

	@Test
	void namesOnlySettingsThatExist() {
		Map<String, String> known = settings();
		String literals = sources().map(ReadmeTest::read).collect(Collectors.joining());

		documents()
			.forEach((document) -> assertThat(inCode(document).filter((word) -> word.matches("gateway\\.[a-z].*"))
				.map((word) -> word.replaceAll("=.*", "").replaceAll("\\[\\d]", "").replaceAll("<\\w>", "*"))
				.filter((word) -> !literals.contains("\"" + word + "\""))).as("%s", document)
				.isSubsetOf(known.keySet()));
	}

	@Test
	void tellsEnvironmentNamesAndDefaultsOfSettings() {
		Map<String, String> known = settings();
		List<MatchResult> rows = SETTING_ROW.matcher(read(README)).results().toList();

		assertThat(rows).hasSizeGreaterThan(10).allSatisfy((row) -> {
			String setting = row.group(1);
			String[] defaults = row.group(5).split(", ");
			assertRow(known, setting, row.group(3), defaults[0]);
			if (row.group(2) != null) {
				assertRow(known, sibling(setting, '.', row.group(2)), sibling(row.group(3), '_', row.group(4)),
						defaults[1]);
			}
		});
	}

	private static void assertRow(Map<String, String> known, String setting, String environment, String value) {
		String name = setting.replaceAll("\\[\\d]", "").replaceAll("<\\w>", "*");
		assertThat(environment).isEqualTo(
				setting.replace("-", "").replaceAll("\\[(\\d)]", "_$1").replace('.', '_').toUpperCase(Locale.ROOT));
		assertThat(known).as(setting).containsKey(name);
		if (!known.get(name).isEmpty()) {
			assertThat(value).as(setting).isEqualTo(known.get(name));
		}
	}

	private static String sibling(String name, char separator, String last) {
		return name.substring(0, name.lastIndexOf(separator)) + last;
	}

	@Test
	void linksToWhatIsThere() {
		documents().forEach((document) -> {
			for (MatchResult link : Pattern.compile("]\\(([^)\\s]+)\\)").matcher(read(document)).results().toList()) {
				String[] target = link.group(1).split("#", 2);
				Path file = target[0].isEmpty() ? document : document.resolveSibling(target[0]).normalize();
				assertThat(target[0].startsWith("http") || Files.exists(file)).as("%s in %s", link.group(1), document)
					.isTrue();
				if (target.length > 1) {
					assertThat(anchors(file)).as("%s in %s", link.group(1), document).contains(target[1]);
				}
			}
		});
	}

	/** From the first page, or from the list of documents that it leads to. */
	@Test
	void leadsToEachPage() {
		String first = read(README);
		String list = read(Path.of("docs", "README.md"));

		assertThat(first).contains("docs/README.md", "docs/configuration.md", "docs/metrics.md", "docs/observing.md",
				"docs/operations.md", "mvn package", "mvn spring-boot:test-run", "docker build", "kubectl apply -k");
		assertThat(files(Path.of("docs"), ".md").map((page) -> Path.of("docs").relativize(page).toString())
			.filter((page) -> !page.equals("README.md"))).hasSizeGreaterThan(40)
			.allSatisfy((page) -> assertThat(list).contains("](" + page + ")"));
	}

	@Test
	void hasEachContractSectionThatTheCodeCites() {
		String contract = read(Path.of("docs/upstream.md"));
		Set<String> cited = new TreeSet<>();
		Set<String> rows = new TreeSet<>();
		sources().map(ReadmeTest::prose)
			.flatMap((text) -> CITATION.matcher(text).results())
			.forEach((citation) -> collect(citation, cited, rows));

		assertThat(cited).hasSizeGreaterThan(10)
			.isSubsetOf(Pattern.compile("(?m)^##+ (\\d+(?:\\.\\d+)?)\\.? ")
				.matcher(contract)
				.results()
				.map((heading) -> heading.group(1))
				.toList());
		assertThat(rows).isNotEmpty()
			.isSubsetOf(Pattern.compile("(?m)^\\| (\\d+) \\|")
				.matcher(contract)
				.results()
				.map((row) -> row.group(1))
				.toList());
	}

	private static void collect(MatchResult citation, Set<String> sections, Set<String> rows) {
		addUnlessNull(sections, citation.group(1));
		addUnlessNull(sections, citation.group(2));
		addUnlessNull(rows, citation.group(3));
		addUnlessNull(rows, citation.group(4));
		addUnlessNull(rows, citation.group(5));
	}

	private static void addUnlessNull(Set<String> words, String word) {
		if (word != null) {
			words.add(word);
		}
	}

	@Test
	void listsEachErrorWithItsStatus() {
		Map<String, Integer> told = Pattern.compile("`([A-Z_]+)` (\\d{3})")
			.matcher(read(README))
			.results()
			.collect(Collectors.toMap((code) -> code.group(1), (code) -> Integer.valueOf(code.group(2)), (a, b) -> a));

		assertThat(told)
			.isEqualTo(Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::name, ErrorCode::status)));
	}

	@Test
	void drawsEachMoveThatIsLegalAndNoOther() {
		String diagram = between(read(README), "stateDiagram-v2", "```");
		Map<String, Set<OrderState>> groups = groups(diagram);
		Set<String> drawn = new TreeSet<>();
		for (MatchResult arrow : Pattern.compile("(\\w+) --> (\\w+)").matcher(diagram).results().toList()) {
			states(groups, arrow.group(1)).forEach((from) -> states(groups, arrow.group(2)).stream()
				.filter((to) -> to != from)
				.forEach((to) -> drawn.add(from + " " + to)));
		}

		assertThat(drawn).isEqualTo(Arrays.stream(OrderState.values())
			.flatMap((from) -> Arrays.stream(OrderState.values()).filter(from::mayBecome).map((to) -> from + " " + to))
			.collect(Collectors.toCollection(TreeSet::new)));
	}

	private static Map<String, Set<OrderState>> groups(String diagram) {
		Map<String, Set<OrderState>> groups = new TreeMap<>();
		for (MatchResult group : Pattern.compile("as (\\w+) \\{([^}]*)}").matcher(diagram).results().toList()) {
			groups.put(group.group(1),
					Pattern.compile("[A-Z_]+")
						.matcher(group.group(2))
						.results()
						.map((name) -> OrderState.valueOf(name.group()))
						.collect(Collectors.toSet()));
		}
		return groups;
	}

	private static Set<OrderState> states(Map<String, Set<OrderState>> groups, String name) {
		return groups.containsKey(name) ? groups.get(name) : Set.of(OrderState.valueOf(name));
	}

	@Test
	void showsTheSimulatorsTable() {
		assertThat(read(README)).contains(SuffixOutcome.table());
		assertThat(read(Path.of("docs/simulator.md"))).contains(GiftOutcome.table()).contains(Quirk.table());
	}

	@Test
	void listsEachModule() {
		List<String> modules = files(Path.of("src/main/java/dz/flexy/gateway"), "package-info.java")
			.map((file) -> file.getParent().getFileName().toString())
			.filter((module) -> !module.equals("gateway"))
			.toList();

		assertThat(Pattern.compile("(?m)^\\| \\d \\| `(\\w+)` \\|")
			.matcher(read(README))
			.results()
			.map((row) -> row.group(1))).containsExactlyInAnyOrderElementsOf(modules);
	}

	@Test
	void staysShort() {
		assertThat(read(README).lines()).hasSizeLessThanOrEqualTo(280);
	}

	/** Names of all settings with their defaults, empty where there is none. */
	private static Map<String, String> settings() {
		Map<String, String> settings = new TreeMap<>();
		JsonNode metadata = new JsonMapper()
			.readTree(ReadmeTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"));
		for (JsonNode property : metadata.path("properties")) {
			String name = property.path("name").asString();
			settings.put(name, property.path("defaultValue").asString(""));
			Matcher nested = Pattern.compile("java.util.Map<java.lang.String,(dz\\.flexy.*)>")
				.matcher(property.path("type").asString());
			if (nested.matches()) {
				defaults(nested.group(1)).forEach((part, value) -> settings.put(name + ".*." + part, value));
			}
		}
		return settings;
	}

	private static Map<String, String> defaults(String record) {
		try {
			Map<String, String> defaults = new TreeMap<>();
			Class<?> type = Class.forName(record);
			List<RecordComponent> components = List.of(type.getRecordComponents());
			Parameter[] parameters = type.getDeclaredConstructors()[0].getParameters();
			for (int i = 0; i < parameters.length; i++) {
				DefaultValue value = parameters[i].getAnnotation(DefaultValue.class);
				defaults.put(kebab(components.get(i).getName()),
						(value != null) ? String.join(",", value.value()) : "");
			}
			return defaults;
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/** The text without the comment marks at line ends, so that a citation may wrap. */
	private static String prose(Path source) {
		return read(source).replaceAll("\\s*\\n\\s*\\*? ?", " ");
	}

	private static Set<String> anchors(Path document) {
		return Pattern.compile("(?m)^#+ (.*)$")
			.matcher(read(document))
			.results()
			.map((heading) -> heading.group(1)
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^a-z0-9 _-]", "")
				.replace(' ', '-'))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private static String between(String text, String start, String end) {
		int from = text.indexOf(start) + start.length();
		return text.substring(from, text.indexOf(end, from));
	}

	private static Stream<String> inCode(Path document) {
		return CODE.matcher(read(document)).results().map((word) -> word.group(1));
	}

	private static List<Path> documents() {
		List<Path> documents = new ArrayList<>(files(Path.of("docs"), ".md").toList());
		documents.add(README);
		return documents;
	}

	private static Stream<Path> sources() {
		return files(Path.of("src"), ".java");
	}

	private static Stream<Path> files(Path root, String ending) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> file.toString().endsWith(ending)).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
