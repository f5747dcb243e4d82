package dz.flexy.gateway;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a proof measured, told as one Markdown table at its end. */
public final class Figures {

	private static final Logger log = LoggerFactory.getLogger(Figures.class);

	private final Map<String, String> rows = new LinkedHashMap<>();

	private final String title;

	public Figures(String title) {
		this.title = title;
	}

	public void add(String what, Object value) {
		this.rows.put(what, (value instanceof Duration duration) ? seconds(duration) : value.toString());
	}

	public void print() {
		log.info("{}\n\n{}", this.title, table());
	}

	/** As Markdown. */
	public String table() {
		return this.rows.entrySet()
			.stream()
			.map((row) -> "| " + row.getKey() + " | " + row.getValue() + " |")
			.collect(Collectors.joining("\n", "| Figure | Seen |\n|---|---|\n", "\n"));
	}

	/**
	 * The value that this part of them does not exceed (nearest rank).
	 * @param values one or more
	 * @param part above 0, at most 1
	 */
	public static Duration quantile(Collection<Duration> values, double part) {
		List<Duration> sorted = values.stream().sorted().toList();
		return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
	}

	public static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
	}

}
