package dz.flexy.gateway.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What callers will want, drawn by a seed. */
final class Wishes {

	static final List<String> CALLERS = List.of("shop", "kiosk", "web");

	/**
	 * Ends that have an outcome of their own. 78 and 89 are left out: nothing follows an
	 * order beyond its final state, or ends it. 90 to 96 are played by chance instead.
	 */
	private static final List<String> ENDS = List.of("79", "80", "81", "82", "83", "84", "85", "86", "87", "88", "97",
			"98", "99");

	/** With the product that sells them. */
	private static final Map<String, String> GIFTS = new LinkedHashMap<>();

	static {
		GIFTS.put("type_001", "507f1f77bcf86cd799439011");
		GIFTS.put("type_011", "507f1f77bcf86cd799439012");
		GIFTS.put("type_031", "507f1f77bcf86cd799439014");
		GIFTS.put("SIM_AT_ONCE", "507f1f77bcf86cd799439099");
		GIFTS.put("SIM_CARDS_LATE", "507f1f77bcf86cd799439099");
		GIFTS.put("SIM_NO_STOCK", "507f1f77bcf86cd799439099");
		GIFTS.put("TEST_REFUND", "507f1f77bcf86cd799439099");
		GIFTS.put("TEST_PARTIAL", "507f1f77bcf86cd799439099");
	}

	private final Random random;

	private int gifts;

	private Wishes(long seed) {
		this.random = new Random(seed);
	}

	static List<Intent> draw(int count, long seed) {
		Wishes wishes = new Wishes(seed);
		List<Intent> intents = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			intents.add(wishes.next(i));
		}
		return intents;
	}

	static List<String> stocked() {
		return GIFTS.keySet().stream().filter((type) -> !type.equals("SIM_NO_STOCK")).toList();
	}

	private Intent next(int i) {
		int family = this.random.nextInt(100);
		if (family < 4) {
			return gift(i);
		}
		return (family < 40) ? mobile(i) : internet(i);
	}

	private Intent internet(int i) {
		boolean lte = this.random.nextInt(4) == 0;
		String number = (lte ? "2137%06d%s" : "02%05d%s").formatted(i, end());
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("type", lte ? "4G" : "ADSL");
		body.put("number", number);
		body.put("value", 1000);
		return intent(i, Intent.line(number), "/v3/internet/send", body);
	}

	private Intent mobile(int i) {
		String number = "06%06d%s".formatted(i, end());
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("plan_code", "PREPAID_MOBILIS");
		body.put("MSSIDN", number);
		body.put("amount", 100);
		return intent(i, Intent.line(number), "/v3/mobile/send", body);
	}

	/** No quantity comes twice for a type. */
	private Intent gift(int i) {
		List<String> types = List.copyOf(GIFTS.keySet());
		String type = types.get(this.gifts % types.size());
		int quantity = 1 + this.gifts / types.size();
		this.gifts++;
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("productId", GIFTS.get(type));
		body.put("typeId", type);
		body.put("quantity", quantity);
		return intent(i, Intent.gifts(type, quantity), "/v3/gift-cards/placeOrder", body);
	}

	private Intent intent(int i, String item, String path, Map<String, Object> body) {
		String caller = CALLERS.get(this.random.nextInt(CALLERS.size()));
		int way = this.random.nextInt(100);
		Optional<String> ref = (way < 50) ? Optional.of("wish-" + i) : Optional.empty();
		Optional<String> key = (way >= 40 && way < 80) ? Optional.of("key-" + i) : Optional.empty();
		ref.ifPresent((given) -> body.put("ref", given));
		return new Intent(i, caller, item, path, body, ref, key);
	}

	private String end() {
		return (this.random.nextInt(100) < 75) ? "%02d".formatted(this.random.nextInt(78))
				: ENDS.get(this.random.nextInt(ENDS.size()));
	}

}
