package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.GiftType;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Plan;
import dz.flexy.gateway.upstream.Product;
import dz.flexy.gateway.upstream.Refusal;
import org.jspecify.annotations.Nullable;

/** What the upstream's pages show, and an account to ask with. */
final class Samples {

	static final AccountId MAIN = new AccountId("main");

	static final Account ACCOUNT = new Account(MAIN, new UpstreamKey("key"), 120, Duration.ofSeconds(60),
			KeyType.PRODUCTION, false);

	static final NumberCheck LINE = new NumberCheck("11022*****", "FTTc-b_10M'", "ADSL");

	static final Outcome<NumberCheck> KNOWN = new Outcome.Success<>(LINE, "req-1");

	static final Outcome<NumberCheck> NO_SUCH_NUMBER = new Outcome.Refused<>(
			new Refusal(Optional.of(ErrorCode.ERR_PHONE), "ERR_PHONE", 422, "Phone number is not eligible",
					Map.of("number", "036362608", "type", "ADSL", "reason", "unknown subscriber"), "req-2"));

	static final Outcome<NumberCheck> DOWN = new Outcome.MayHaveActed<>("answer 500 without envelope");

	static final Outcome<NumberCheck> NO_PERMIT = new Outcome.NotSent<>(Fault.GATEWAY, "no permit in time",
			Duration.ofSeconds(7));

	static final Outcome<GiftProduct> NO_SUCH_CARD = new Outcome.Refused<>(new Refusal(Optional.of(ErrorCode.NOT_FOUND),
			"NOT_FOUND", 404, "Product not found", Map.of("productId", "psn"), "req-3"));

	private Samples() {
	}

	static BigDecimal dzd(String amount) {
		return new BigDecimal(amount);
	}

	static Product card(String value, String cost, boolean available) {
		return new Product(dzd(value), dzd(cost), available);
	}

	/** A plan of 40 to 3999 DZD. */
	static Plan range(String code, @Nullable String cost, boolean enabled) {
		return new Plan(code, false, enabled, (cost != null) ? dzd(cost) : null, null, dzd("40"), dzd("3999"));
	}

	static Plan fixed(String code, @Nullable String cost, @Nullable String amount) {
		return new Plan(code, true, true, (cost != null) ? dzd(cost) : null, (amount != null) ? dzd(amount) : null,
				null, null);
	}

	static GiftType type(String id, @Nullable String price, @Nullable String quantity) {
		return new GiftType(id, (price != null) ? dzd(price) : null, (quantity != null) ? dzd(quantity) : null);
	}

}
