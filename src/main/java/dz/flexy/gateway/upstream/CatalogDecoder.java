package dz.flexy.gateway.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Reads plans and gift cards. A row that cannot be read is left out and counted as drift:
 * the others are still worth having.
 */
@Component
class CatalogDecoder {

	private final Drift drift;

	CatalogDecoder(Drift drift) {
		this.drift = drift;
	}

	/** Either list may be missing, but not both. */
	Optional<Plans> plans(JsonNode data) {
		JsonNode dynamic = data.path("dynamicPlans");
		JsonNode fixed = data.path("fixedPlans");
		if (!dynamic.isArray() && !fixed.isArray()) {
			return Optional.empty();
		}
		Rows<Plan> ranges = rows("mobile.plans", dynamic, (row) -> plan(row, false));
		Rows<Plan> amounts = rows("mobile.plans", fixed, (row) -> plan(row, true));
		return Optional.of(new Plans(Stream.concat(ranges.read().stream(), amounts.read().stream()).toList(),
				ranges.complete() && amounts.complete(), data));
	}

	Optional<GiftCatalog> giftCatalog(JsonNode data) {
		JsonNode categories = data.path("categories");
		if (!categories.isArray()) {
			return Optional.empty();
		}
		Rows<Integer> products = rows("gift-cards.catalog", categories, CatalogDecoder::products);
		return Optional
			.of(new GiftCatalog(categories.size(), products.read().stream().mapToInt(Integer::intValue).sum(), data));
	}

	Optional<GiftProduct> giftProduct(JsonNode data) {
		JsonNode types = data.path("types");
		if (!types.isArray()) {
			return Optional.empty();
		}
		Rows<GiftType> read = rows("gift-cards.check-product", types, CatalogDecoder::giftType);
		return Optional.of(new GiftProduct(read.read(), read.complete(), data));
	}

	private <T> Rows<T> rows(String endpoint, JsonNode array, Function<JsonNode, Optional<T>> read) {
		List<T> rows = new ArrayList<>();
		boolean complete = array.isArray();
		for (JsonNode row : array) {
			Optional<T> value = read.apply(row);
			if (value.isEmpty()) {
				this.drift.shape(endpoint + " row");
				complete = false;
			}
			value.ifPresent(rows::add);
		}
		return new Rows<>(List.copyOf(rows), complete);
	}

	private static Optional<Plan> plan(JsonNode row, boolean fixed) {
		String code = TopupDecoder.text(row, "code");
		return (code != null && numeric(row, "cost", "amount", "min_amount", "max_amount"))
				? Optional.of(new Plan(code, fixed, row.path("isEnabled").asBoolean(true),
						TopupDecoder.decimal(row, "cost"), TopupDecoder.decimal(row, "amount"),
						TopupDecoder.decimal(row, "min_amount"), TopupDecoder.decimal(row, "max_amount")))
				: Optional.empty();
	}

	private static Optional<Integer> products(JsonNode category) {
		JsonNode products = category.path("products");
		return products.isArray() ? Optional.of(products.size()) : Optional.empty();
	}

	private static Optional<GiftType> giftType(JsonNode row) {
		String id = TopupDecoder.text(row, "id");
		return (id != null && numeric(row, "price", "quantity"))
				? Optional
					.of(new GiftType(id, TopupDecoder.decimal(row, "price"), TopupDecoder.decimal(row, "quantity")))
				: Optional.empty();
	}

	/** Whether each of these is a number where it is there at all. */
	private static boolean numeric(JsonNode row, String... names) {
		return Stream.of(names)
			.map(row::path)
			.allMatch((value) -> value.isNumber() || value.isMissingNode() || value.isNull());
	}

	private record Rows<T>(List<T> read, boolean complete) {
	}

}
