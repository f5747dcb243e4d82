package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dz.flexy.gateway.account.Family;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Reads orders in every published shape; what it cannot read is left out, not failed.
 */
@Component
class TopupDecoder {

	private static final int LONGEST_OFFERS = 10_000;

	private final Drift drift;

	TopupDecoder(Drift drift) {
		this.drift = drift;
	}

	/** Reads one order of a family; empty without id or status. */
	Function<JsonNode, Optional<Topup>> of(Family family) {
		return (family == Family.GIFT_CARD) ? this::giftCards : this::topup;
	}

	/** The second names are those of the Arabic pages (contract section 5.3). */
	private Optional<Topup> topup(JsonNode data) {
		String id = text(data, "_id", "id");
		String status = data.path("status").asString("");
		if (id == null || status.isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(new Topup(id, data.path("ref").asString(""), status(status),
				text(data, "type", "plan_code", "planCode"), text(data, "number", "MSSIDN"),
				decimal(data, "topup_amount", "value", "amount"), decimal(data, "balance_amount"), card(data),
				Optional.empty(), text(data, "refund_message"), array(data.path("suggested_offers"))));
	}

	private Optional<Topup> giftCards(JsonNode data) {
		String id = text(data, "_id", "id", "orderId");
		String status = data.path("status").asString("");
		if (id == null || status.isEmpty()) {
			return Optional.empty();
		}
		Filling filling = new Filling(name(data.path("type")), count(data.path("quantity")),
				count(data.path("fulfilled_quantity")), decimal(data, "price_per_card"), instant(text(data, "time")),
				data.path("cards").isArray() ? data.path("cards").size() : 0);
		return Optional.of(new Topup(id, "", status(status), name(data.path("product")), null, null,
				decimal(data, "fulfilled_amount"), cards(data.path("cards")), Optional.of(filling),
				text(data, "refund_message"), null));
	}

	/**
	 * {@code items} or {@code topups} (contract section 11, row 13).
	 * @param asked the page's number where the answer does not tell it
	 */
	Optional<TopupPage> page(Family family, JsonNode data, int asked) {
		JsonNode rows = data.path("items").isArray() ? data.path("items") : data.path("topups");
		JsonNode pagination = data.path("pagination");
		if (!rows.isArray() || !pagination.path("totalPages").isNumber()) {
			return Optional.empty();
		}
		List<Topup> topups = new ArrayList<>();
		for (JsonNode row : rows) {
			of(family).apply(row).ifPresentOrElse(topups::add, () -> this.drift.shape(family.label() + ".list row"));
		}
		return Optional.of(new TopupPage(topups, rows.size() - topups.size(), pagination.path("page").asInt(asked),
				pagination.path("totalPages").asInt(1)));
	}

	Optional<Receipt> receipt(JsonNode data) {
		return Optional.ofNullable(text(data, "topupId", "orderId")).map(Receipt::new);
	}

	private TopupStatus status(String status) {
		TopupStatus known = TopupStatus.of(status);
		if (known == TopupStatus.OTHER) {
			this.drift.status(status);
		}
		return known;
	}

	private static Optional<DeliveredCard> card(JsonNode data) {
		String code = data.path("card_code").asString("");
		return code.isEmpty() ? Optional.empty()
				: Optional.of(new DeliveredCard(code, text(data, "num_trans"), instant(text(data, "date_traitement"))));
	}

	private static Optional<DeliveredCard> cards(JsonNode cards) {
		return (cards.isArray() && !cards.isEmpty()) ? Optional.of(new DeliveredCard(cards.toString(), null, null))
				: Optional.empty();
	}

	/** An id, or an object that has one: the documents leave it open. */
	private static @Nullable String name(JsonNode node) {
		return node.isObject() ? text(node, "id", "_id", "productId", "typeId")
				: Optional.of(Plain.text(node.asString(""))).filter((text) -> !text.isEmpty()).orElse(null);
	}

	private static @Nullable Integer count(JsonNode node) {
		return node.canConvertToInt() ? node.asInt() : null;
	}

	private static @Nullable String array(JsonNode node) {
		return node.isArray() && !node.isEmpty() && node.toString().length() <= LONGEST_OFFERS ? node.toString() : null;
	}

	static @Nullable String text(JsonNode data, String... names) {
		for (String name : names) {
			String text = Plain.text(data.path(name).asString(""));
			if (!text.isEmpty()) {
				return text;
			}
		}
		return null;
	}

	static @Nullable BigDecimal decimal(JsonNode data, String... names) {
		for (String name : names) {
			if (data.path(name).isNumber()) {
				return data.path(name).decimalValue();
			}
		}
		return null;
	}

	private static @Nullable Instant instant(@Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException malformed) {
			return null;
		}
	}

}
