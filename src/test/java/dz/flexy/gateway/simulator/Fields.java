package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
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
