package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads fields of a body; each failure names its field. */
record Fields(JsonNode body) {

	private static final int LONGEST_TEXT = 100;

	/** DZD with two decimals at most, below a hundred million. */
	private static final int MOST_DIGITS = 8;

	private static final int MOST_DECIMALS = 2;

	String text(String field) {
		JsonNode node = this.body.path(field);
		if (node.isMissingNode() || node.isNull()) {
			throw problem(field, "is required", null);
		}
		if (!node.isString() || node.asString().length() > LONGEST_TEXT) {
			throw problem(field, "must be a text of at most " + LONGEST_TEXT + " characters", null);
		}
		return node.asString();
	}

	BigDecimal amount(String field) {
		return optionalAmount(field).orElseThrow(() -> problem(field, "is required", null));
	}

	Optional<BigDecimal> optionalAmount(String field) {
		JsonNode node = this.body.path(field);
		if (node.isMissingNode() || node.isNull()) {
			return Optional.empty();
		}
		if (!node.isNumber()) {
			throw problem(field, "must be a number", null);
		}
		BigDecimal amount = node.decimalValue();
		if (amount.signum() <= 0 || amount.precision() - (long) amount.scale() > MOST_DIGITS
				|| amount.scale() > MOST_DECIMALS) {
			throw problem(field, "must be an amount in DZD above 0", null);
		}
		return Optional.of(amount);
	}

	/** 1 to 100 printable characters without a slash, kept as sent. */
	Optional<String> ref() {
		JsonNode node = this.body.path("ref");
		if (node.isMissingNode() || node.isNull()) {
			return Optional.empty();
		}
		String ref = node.isString() ? node.asString() : "";
		boolean printable = ref.codePoints().allMatch(Fields::printable);
		if (ref.isEmpty() || ref.codePointCount(0, ref.length()) > LONGEST_TEXT || !printable) {
			throw problem("ref", "must be 1 to 100 printable characters without /", null);
		}
		return Optional.of(ref);
	}

	static boolean printable(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> character != '/';
		};
	}

	static Problem problem(String field, String rule, @Nullable Object value) {
		return Problem.of(ErrorCode.ERR_VALIDATION, field + " " + rule)
			.detail("field", field)
			.detail("value", value)
			.money(false, true);
	}

}
