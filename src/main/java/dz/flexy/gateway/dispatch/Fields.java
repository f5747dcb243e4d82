package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

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

	/** Nobody orders more at once; the upstream names no bound. */
	private static final BigDecimal MOST_CARDS = new BigDecimal("10000");

	private static final Pattern MOBILE_NUMBER = Pattern.compile("^0[567][0-9]{8}$");

	private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

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

	/** Printable, as the upstream's lists name things. */
	String name(String field) {
		String name = text(field);
		if (name.isBlank() || !name.codePoints().allMatch(Fields::printable)) {
			throw problem(field, "must be a name from the upstream's lists", null);
		}
		return name;
	}

	/** One that can stand in a path. */
	String plainName(String field) {
		String name = text(field);
		if (!PLAIN_NAME.matcher(name).matches()) {
			throw problem(field, "must be a name of letters, digits, - and _", null);
		}
		return name;
	}

	/** Contract section 5.2. */
	String mobileNumber() {
		String number = text("MSSIDN");
		if (!MOBILE_NUMBER.matcher(number).matches()) {
			throw problem("MSSIDN", "must match pattern \"" + MOBILE_NUMBER + "\"", number);
		}
		return number;
	}

	/** In whole DZD, 0 included: offers are asked for with it (contract section 5.1). */
	Optional<BigDecimal> wholeAmount(String field) {
		return whole(field, new BigDecimal("99999999"));
	}

	int quantity() {
		return whole("quantity", MOST_CARDS).filter((quantity) -> quantity.signum() > 0)
			.orElseThrow(() -> problem("quantity", "must be a whole number from 1 to " + MOST_CARDS, null))
			.intValueExact();
	}

	private Optional<BigDecimal> whole(String field, BigDecimal most) {
		JsonNode node = this.body.path(field);
		if (node.isMissingNode() || node.isNull()) {
			return Optional.empty();
		}
		BigDecimal number = node.isNumber() ? node.decimalValue() : BigDecimal.ONE.negate();
		// The exponent first: it may be too large to calculate with.
		if (number.signum() < 0 || number.precision() - (long) number.scale() > MOST_DIGITS
				|| number.compareTo(most) > 0 || number.stripTrailingZeros().scale() > 0) {
			throw problem(field, "must be a whole number from 0 to " + most, null);
		}
		return Optional.of(number.setScale(0));
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
