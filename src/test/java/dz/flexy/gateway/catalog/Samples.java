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
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Product;
import dz.flexy.gateway.upstream.Refusal;

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

	private Samples() {
	}

	static BigDecimal dzd(String amount) {
		return new BigDecimal(amount);
	}

	static Product card(String value, String cost, boolean available) {
		return new Product(dzd(value), dzd(cost), available);
	}

}
