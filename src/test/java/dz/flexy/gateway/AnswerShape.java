package dz.flexy.gateway;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * What a client's code depends on in an answer: its status, the headers that it may read,
 * and of each field the path, the JSON types and the values. The fields of an array's
 * elements are taken together, one that only some of them have is also {@code absent}.
 * Ids and times count as such, for they are never the same twice.
 *
 * @param types by path, {@code status} and headers among them
 * @param values of leaves, and of the status and of those headers that say what follows
 */
record AnswerShape(Map<String, Set<String>> types, Map<String, Set<String>> values) {

	private static final JsonMapper JSON = new JsonMapper();

	private static final List<String> HEADERS = List.of("X-Request-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining",
			"X-RateLimit-Reset", "Retry-After", "Content-Disposition", "Location");

	/** Of these headers what they say is compared as well. */
	private static final Set<String> TOLD = Set.of("X-RateLimit-Limit", "Content-Disposition");

	/** What each account has for itself. */
	private static final Pattern OWN = Pattern.compile(".*\\b(card_code|num_trans|serial|uid)|.*cards\\[]\\.value|"
			+ ".*\\b(balance|oldBalance|newBalance|available|attemptsLeft)|(meta\\.)?requestId");

	private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])");

	private static final Pattern LINK = Pattern.compile("OCPL-\\w{6}-\\w{4}");

	private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

	static AnswerShape of(int status, HttpHeaders headers, byte[] body) {
		AnswerShape shape = new AnswerShape(new TreeMap<>(), new TreeMap<>());
		shape.add("status", "number", Integer.toString(status));
		MediaType type = headers.getContentType();
		shape.add("content type", "header", String.valueOf(type).toLowerCase(Locale.ROOT).replace("; ", ";"));
		HEADERS.stream()
			.filter(headers::containsHeader)
			.forEach((name) -> shape.add("header " + name, "header",
					TOLD.contains(name) ? ID.matcher(headers.getFirst(name)).replaceAll("id") : "any"));
		if (type != null && type.isCompatibleWith(MediaType.APPLICATION_JSON)) {
			shape.collect("", List.of(JSON.readTree(body)));
		}
		else {
			shape.add("bytes", "binary", digest(body));
		}
		return shape;
	}

	/**
	 * What the other has otherwise, one line each: {@code +} a field that only it has,
	 * {@code -} one that it lacks, {@code ~} another type, {@code =} another value.
	 */
	Set<String> differencesTo(AnswerShape other) {
		Set<String> differences = new TreeSet<>();
		Stream.concat(this.types.keySet().stream(), other.types.keySet().stream()).distinct().forEach((path) -> {
			String here = joined(this.types.get(path));
			String there = joined(other.types.get(path));
			if (here.isEmpty()) {
				differences.add("+ " + path + " " + there);
			}
			else if (there.isEmpty()) {
				differences.add("- " + path + " " + here);
			}
			else if (!here.equals(there)) {
				differences.add("~ " + path + " " + here + " -> " + there);
			}
			else if (!joined(this.values.get(path)).equals(joined(other.values.get(path)))) {
				differences
					.add("= " + path + " " + joined(this.values.get(path)) + " -> " + joined(other.values.get(path)));
			}
		});
		return differences;
	}

	/** The status, or the code of the refusal with its status. */
	String told() {
		String status = joined(this.values.get("status"));
		String code = joined(this.values.get("error.code"));
		return code.isEmpty() ? status : status + " `" + code + "`";
	}

	private static String joined(Set<String> words) {
		return (words != null) ? String.join("|", words) : "";
	}

	private void add(String path, String type, String value) {
		this.types.computeIfAbsent(path, (unused) -> new TreeSet<>()).add(type);
		this.values.computeIfAbsent(path, (unused) -> new TreeSet<>()).add(value);
	}

	private void collect(String path, List<JsonNode> nodes) {
		nodes.forEach((node) -> add(path.isEmpty() ? "body" : path, node.getNodeType().name().toLowerCase(Locale.ROOT),
				value(path, node)));
		List<JsonNode> objects = nodes.stream().filter(JsonNode::isObject).toList();
		Set<String> names = objects.stream()
			.flatMap((object) -> object.propertyNames().stream())
			.collect(Collectors.toCollection(TreeSet::new));
		for (String name : names) {
			List<JsonNode> fields = objects.stream()
				.filter((object) -> object.has(name))
				.map((o) -> o.get(name))
				.toList();
			String field = path.isEmpty() ? name : path + "." + name;
			if (fields.size() < objects.size()) {
				this.types.computeIfAbsent(field, (unused) -> new TreeSet<>()).add("absent");
			}
			collect(field, fields);
		}
		List<JsonNode> elements = nodes.stream().filter(JsonNode::isArray).flatMap(JsonNode::valueStream).toList();
		if (!elements.isEmpty()) {
			collect(path + "[]", elements);
		}
	}

	private static String value(String path, JsonNode node) {
		if (node.isContainer() || OWN.matcher(path).matches()) {
			return "any";
		}
		if (node.isNumber()) {
			return node.decimalValue().stripTrailingZeros().toPlainString();
		}
		String text = LINK.matcher(ID.matcher(node.asString()).replaceAll("id")).replaceAll("link");
		return TIME.matcher(text).matches() ? "time" : text;
	}

	private static String digest(byte[] body) {
		CRC32 sum = new CRC32();
		sum.update(body);
		return body.length + " bytes " + HexFormat.of().toHexDigits(sum.getValue());
	}

}
