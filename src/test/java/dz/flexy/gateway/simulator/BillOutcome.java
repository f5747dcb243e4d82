package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Arrays;

/**
 * The account identifier chooses what becomes of a bill: the published sandbox outcomes,
 * here for every key. Where they happen is not published for two of them: 503 is
 * {@code PARTNER_UNAVAILABLE} at discovery, 409 {@code BILL_ALREADY_PAID} at payment.
 */
enum BillOutcome {

	SUCCESS(""), NOTHING_DUE("0123456789012340000000002"), FAILED("0123456789012340000000004"),
	REFUNDED("0123456789012340000000005"), UNAVAILABLE("0123456789012345005005005"),
	ALREADY_PAID("0123456789012347777777777"), UNKNOWN("6006006006");

	private final String identifier;

	BillOutcome(String identifier) {
		this.identifier = identifier;
	}

	static BillOutcome of(String identifier) {
		return Arrays.stream(values())
			.filter((outcome) -> outcome != SUCCESS && outcome.identifier.equals(identifier))
			.findFirst()
			.orElse(SUCCESS);
	}

	/** From the payment on. */
	Timeline paid(Timeline before, Duration age, Pace pace) {
		Timeline processing = before.cut(age, "PROCESSING");
		Duration decided = age.plus(pace.seconds(3));
		return switch (this) {
			case FAILED -> processing.then(decided, "FAILED");
			case REFUNDED -> processing.then(decided, "REFUNDED");
			case UNKNOWN -> processing.then(decided, "UNKNOWN").then(decided.plus(pace.seconds(60)), "REFUNDED");
			default -> processing.then(decided, "SUCCESS");
		};
	}

}
