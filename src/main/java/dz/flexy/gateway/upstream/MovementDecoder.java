package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.Family;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/** Reads the account's ledger in both published shapes (contract section 3.2). */
@Component
class MovementDecoder {

	/** 4G cards have no word of their own. Bills have none that is published. */
	private static final Map<String, Family> BOUGHT = Map.of("FLEXY", Family.MOBILE, "ADSL", Family.INTERNET, "ORDER",
			Family.GIFT_CARD, "SERVICE", Family.OTHER);

	private static final Set<String> OTHERS = Set.of("DEPOSIT", "RECEIVE", "POINT-EXCHANGE", "WITHDRAW", "SEND");

	private static final String REFUND = "REFUND-";

	private final Drift drift;

	MovementDecoder(Drift drift) {
		this.drift = drift;
	}

	/**
	 * A row without a type or an amount is left out and counted. Without a type it may be
	 * of any family.
	 * @param asked the page's number where the answer does not tell it
	 */
	Optional<MovementPage> page(JsonNode data, int asked) {
		JsonNode rows = data.path("items");
		JsonNode pagination = data.path("pagination");
		if (!rows.isArray() || !pagination.path("totalPages").isNumber()) {
			return Optional.empty();
		}
		List<Movement> read = new ArrayList<>();
		Set<Family> unclear = new HashSet<>();
		for (JsonNode row : rows) {
			movement(row).ifPresentOrElse(read::add, () -> {
				this.drift.shape("account.transactions row");
				unclear.addAll(families(row));
			});
		}
		return Optional.of(new MovementPage(List.copyOf(read), Set.copyOf(unclear),
				pagination.path("page").asInt(asked), pagination.path("totalPages").asInt(1)));
	}

	private Optional<Movement> movement(JsonNode row) {
		String type = type(row);
		BigDecimal amount = TopupDecoder.decimal(row, "amount");
		if (type.isEmpty() || amount == null) {
			return Optional.empty();
		}
		boolean refund = type.startsWith(REFUND);
		Family family = family(type);
		if (family == null && !OTHERS.contains(type)) {
			this.drift.movement(type);
		}
		return Optional.of(new Movement(TopupDecoder.text(row, "_id", "id"), kind(family, refund),
				Optional.ofNullable(family), amount.abs(), TopupDecoder.text(row, "objid")));
	}

	private static Set<Family> families(JsonNode row) {
		String type = type(row);
		Family family = family(type);
		return (family != null) ? Set.of(family) : type.isEmpty() ? EnumSet.allOf(Family.class) : Set.of();
	}

	private static String type(JsonNode row) {
		return row.path("type").asString("").toUpperCase(Locale.ROOT);
	}

	private static @Nullable Family family(String type) {
		return BOUGHT.get(type.startsWith(REFUND) ? type.substring(REFUND.length()) : type);
	}

	private static Movement.Kind kind(@Nullable Family family, boolean refund) {
		if (family == null) {
			return Movement.Kind.OTHER;
		}
		return refund ? Movement.Kind.REFUND : Movement.Kind.CHARGE;
	}

}
