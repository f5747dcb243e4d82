package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a request body and refuses those of the wrong kind.
 */
record Fields(JsonNode body) {

	String text(String name) {
		return optionalText(name).orElseThrow(() -> Refused.invalid(name, "", "is required"));
	}

	Optional<String> optionalText(String name) {
		JsonNode node = this.body.path(name);
		if (node.isMissingNode()) {
			return Optional.empty();
		}
		if (!node.isString() || node.stringValue().isEmpty()) {
			throw Refused.invalid(name, node.toString(), "must be a non-empty string");
		}
		return Optional.of(node.stringValue());
	}

	String text(String name, int longest) {
		return optionalText(name, longest).orElseThrow(() -> Refused.invalid(name, "", "is required"));
	}

	Optional<String> optionalText(String name, int longest) {
		Optional<String> text = optionalText(name);
		if (text.filter((given) -> given.length() > longest).isPresent()) {
			throw Refused.invalid(name, "", "must NOT have more than " + longest + " characters");
		}
		return text;
	}

	/** An array of one to that many texts. */
	List<String> texts(String name, int most, int longest) {
		JsonNode node = this.body.path(name);
		if (!node.isArray() || node.isEmpty() || node.size() > most) {
			throw Refused.invalid(name, node.toString(), "must be an array of 1 to " + most);
		}
		List<String> texts = new ArrayList<>();
		node.forEach((item) -> texts.add(new Fields(Json.object().set(name, item)).text(name, longest)));
		return texts;
	}

	int integer(String name, int least, int most) {
		BigDecimal number = number(name);
		boolean whole = number.stripTrailingZeros().scale() <= 0;
		if (!whole || number.compareTo(BigDecimal.valueOf(least)) < 0
				|| number.compareTo(BigDecimal.valueOf(most)) > 0) {
			throw Refused.invalid(name, number.toPlainString(), "must be an integer >= " + least + " and <= " + most);
		}
		return number.intValueExact();
	}

	BigDecimal number(String name) {
		return optionalNumber(name).orElseThrow(() -> Refused.invalid(name, "", "is required"));
	}

	Optional<BigDecimal> optionalNumber(String name) {
		JsonNode node = this.body.path(name);
		if (node.isMissingNode()) {
			return Optional.empty();
		}
		if (!node.isNumber()) {
			throw Refused.invalid(name, node.toString(), "must be a number");
		}
		return Optional.of(node.decimalValue());
	}

}
