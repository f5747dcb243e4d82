package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What alerts, dashboard and autoscaler ask of a scrape. */
final class Queries {

	private static final Path BASE = Path.of("k8s", "base");

	/** Told by Prometheus itself of each target. */
	private static final Set<String> OF_PROMETHEUS = Set.of("up");

	/** Given to each series by Prometheus, or by the kind of meter. */
	private static final Set<String> OF_THE_SCRAPE = Set.of("namespace", "pod", "service", "le");

	private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "by", "without", "on",
			"ignoring", "group_left", "group_right");

	private Queries() {
	}

	static List<Rule> alerts() {
		PrometheusRule rules = (PrometheusRule) Overlay.parse(read("alerts.yaml")).getFirst();
		return rules.getSpec().getGroups().stream().flatMap((group) -> group.getRules().stream()).toList();
	}

	/** The rules as a file of Prometheus's own. */
	static String rules() {
		return Pattern.compile("(?m)^ {2}")
			.matcher(read("alerts.yaml").replaceAll("(?s).*\\nspec:\\n", ""))
			.replaceAll("");
	}

	/** The dashboard's, with what Grafana fills in. */
	static List<String> dashboard() {
		List<String> queries = new ArrayList<>();
		JsonNode dashboard = new JsonMapper().readTree(read("dashboard.json"));
		for (JsonNode panel : dashboard.path("panels")) {
			for (JsonNode target : panel.path("targets")) {
				queries.add(target.path("expr")
					.asString()
					.replace("$__rate_interval", "1m")
					.replace("$namespace", QueriesTest.NAMESPACE));
			}
		}
		return queries;
	}

	static List<String> autoscaler() {
		HorizontalPodAutoscaler scaler = (HorizontalPodAutoscaler) Overlay.parse(read("hpa.yaml")).getFirst();
		return scaler.getSpec()
			.getMetrics()
			.stream()
			.filter((metric) -> metric.getPods() != null)
			.map((metric) -> metric.getPods().getMetric().getName())
			.toList();
	}

	/** The names of the metrics in a query, those of Prometheus itself left out. */
	static Set<String> metrics(String query) {
		String bare = query.replaceAll("\"[^\"]*\"", "")
			.replaceAll("\\{[^}]*}", "")
			.replaceAll("\\[[^]]*]", "")
			.replaceAll("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)", "");
		Set<String> names = new TreeSet<>();
		Pattern.compile("(?<!\\w)[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w|\\s*\\()")
			.matcher(bare)
			.results()
			.map((name) -> name.group())
			.filter((name) -> !WORDS.contains(name) && !OF_PROMETHEUS.contains(name))
			.forEach(names::add);
		return names;
	}

	/** Our meters' tags and the values of each, as {@code docs/metrics.md} has them. */
	static Map<String, Map<String, Set<String>>> documented() throws IOException {
		Map<String, Map<String, Set<String>>> documented = new TreeMap<>();
		for (String line : Files.readAllLines(Path.of("docs", "metrics.md"))) {
			String[] columns = line.split(" \\| ");
			if (line.startsWith("| `gateway_") && columns.length > 3) {
				Map<String, Set<String>> tags = new TreeMap<>();
				Pattern.compile("`(\\w+)`: ([^;]+)")
					.matcher(columns[3])
					.results()
					.forEach((tag) -> tags.put(tag.group(1), Set.of(tag.group(2).strip().split(", "))));
				documented.put(columns[0].replaceAll("[| `]", ""), tags);
			}
		}
		return documented;
	}

	/**
	 * What a query asks of our meters and they do not have: tags, and values of tags that
	 * are not names from the settings or the like.
	 */
	static Set<String> unknownTags(String query, Map<String, Map<String, Set<String>>> documented) {
		Set<String> unknown = new TreeSet<>();
		Pattern.compile("(gateway_\\w+)\\{([^}]*)}")
			.matcher(query)
			.results()
			.forEach((selector) -> Pattern.compile("(\\w+)\\s*=~?\\s*\"([^\"]*)\"")
				.matcher(selector.group(2))
				.results()
				.filter((tag) -> !OF_THE_SCRAPE.contains(tag.group(1)))
				.forEach((tag) -> unknown
					.addAll(unknown(tag.group(1), tag.group(2), tags(selector.group(1), documented)))));
		List<String> ours = metrics(query).stream().filter((metric) -> metric.startsWith("gateway_")).toList();
		if (!ours.isEmpty() && ours.size() == metrics(query).size()) {
			Pattern.compile("\\bby\\s*\\(([^)]*)\\)")
				.matcher(query)
				.results()
				.flatMap((by) -> Arrays.stream(by.group(1).split(",\\s*")))
				.filter((tag) -> !OF_THE_SCRAPE.contains(tag)
						&& ours.stream().noneMatch((metric) -> tags(metric, documented).containsKey(tag)))
				.forEach(unknown::add);
		}
		return unknown;
	}

	private static Set<String> unknown(String tag, String values, Map<String, Set<String>> tags) {
		Set<String> known = tags.get(tag);
		if (known == null) {
			return Set.of(tag);
		}
		return Arrays.stream(values.split("\\|"))
			.filter((value) -> !known.contains(value) && known.stream().noneMatch((one) -> one.contains("<")))
			.map((value) -> tag + "=" + value)
			.collect(Collectors.toSet());
	}

	private static Map<String, Set<String>> tags(String metric, Map<String, Map<String, Set<String>>> documented) {
		return Stream.of(metric, metric.replaceAll("_(total|count|sum|max|bucket)$", ""))
			.map(documented::get)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(Map.of());
	}

	private static String read(String file) {
		try {
			return Files.readString(BASE.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
