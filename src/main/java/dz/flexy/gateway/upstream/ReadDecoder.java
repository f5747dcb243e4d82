package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads everything but top-ups. */
final class ReadDecoder {

	private ReadDecoder() {
	}

	/** {@code data.products} or the bare array; the first of equal values counts. */
	static Optional<List<Product>> products(JsonNode data) {
		JsonNode rows = data.isArray() ? data : data.path("products");
		if (!rows.isArray()) {
			return Optional.empty();
		}
		Map<BigDecimal, Product> products = new LinkedHashMap<>();
		for (JsonNode row : rows) {
			BigDecimal value = TopupDecoder.decimal(row, "value");
			BigDecimal cost = TopupDecoder.decimal(row, "cost");
			if (value == null || cost == null) {
				return Optional.empty();
			}
			products.putIfAbsent(value.stripTrailingZeros(),
					new Product(value, cost, row.path("available").asBoolean(true)));
		}
		return Optional.of(List.copyOf(products.values()));
	}

	static Optional<NumberCheck> number(JsonNode data) {
		return data.isObject() ? Optional.of(new NumberCheck(TopupDecoder.text(data, "ncli"),
				TopupDecoder.text(data, "offre"), TopupDecoder.text(data, "type"))) : Optional.empty();
	}

	static Optional<BigDecimal> balance(JsonNode data) {
		return Optional.ofNullable(TopupDecoder.decimal(data, "balance"));
	}

	static Optional<JsonNode> object(JsonNode data) {
		return data.isObject() ? Optional.of(data) : Optional.empty();
	}

	/** An order that can be told apart from others. */
	static Optional<ObjectNode> order(JsonNode data) {
		return (data instanceof ObjectNode order && TopupDecoder.text(order, "_id", "id") != null) ? Optional.of(order)
				: Optional.empty();
	}

	static Optional<Identity> identity(JsonNode data) {
		JsonNode key = data.path("apiKey");
		String username = data.path("username").asString("");
		return key.isObject() && !username.isEmpty()
				? Optional.of(new Identity(username, key.path("type").asString(""),
						key.path("isEnabled").asBoolean(true), key.path("scope").asString("READ-WRITE")))
				: Optional.empty();
	}

}
