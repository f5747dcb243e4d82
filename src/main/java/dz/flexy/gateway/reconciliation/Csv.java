package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values (RFC 4180): texts quoted, numbers bare. A text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
final class Csv {

	private static final String FORMULA = "=+-@\t\r\n";

	private final StringBuilder text = new StringBuilder();

	/** Texts, numbers, or nothing. */
	void row(@Nullable Object... cells) {
		this.text.append(Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(","))).append("\r\n");
	}

	String text() {
		return this.text.toString();
	}

	private static String cell(@Nullable Object cell) {
		if (cell == null) {
			return "";
		}
		if (cell instanceof BigDecimal amount) {
			return View.plain(amount).toPlainString();
		}
		return (cell instanceof Number number) ? number.toString() : quoted(cell.toString());
	}

	private static String quoted(String text) {
		boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
		return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
	}

}
