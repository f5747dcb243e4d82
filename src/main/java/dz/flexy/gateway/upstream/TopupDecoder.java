package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * Reads top-ups in every published shape; what it cannot read is left out, not failed.
 */
@Component
class TopupDecoder {

	private final Drift drift;

	TopupDecoder(Drift drift) {
		this.drift = drift;
	}

	Optional<Topup> topup(JsonNode data) {
		String id = Plain.text(data.path("_id").asString(""));
		String status = data.path("status").asString("");
		if (id.isEmpty() || status.isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(new Topup(id, data.path("ref").asString(""), status(status), text(data, "type", "plan_code"),
				text(data, "number", "MSSIDN"), decimal(data, "topup_amount", "value"), card(data),
				text(data, "refund_message")));
	}

	/**
	 * {@code items} or {@code topups} (contract section 11, row 13).
	 * @param asked the page's number where the answer does not tell it
	 */
	Optional<TopupPage> page(JsonNode data, int asked) {
		JsonNode rows = data.path("items").isArray() ? data.path("items") : data.path("topups");
		JsonNode pagination = data.path("pagination");
		if (!rows.isArray() || !pagination.path("totalPages").isNumber()) {
			return Optional.empty();
		}
		List<Topup> topups = new ArrayList<>();
		for (JsonNode row : rows) {
			Optional<Topup> topup = topup(row);
			if (topup.isEmpty()) {
				return Optional.empty();
			}
			topups.add(topup.get());
		}
		return Optional
			.of(new TopupPage(topups, pagination.path("page").asInt(asked), pagination.path("totalPages").asInt(1)));
	}

	Optional<Receipt> receipt(JsonNode data) {
		String id = Plain.text(data.path("topupId").asString(""));
		return id.isEmpty() ? Optional.empty() : Optional.of(new Receipt(id));
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
