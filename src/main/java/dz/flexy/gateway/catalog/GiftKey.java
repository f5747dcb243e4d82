package dz.flexy.gateway.catalog;

import java.util.Optional;
import java.util.regex.Pattern;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

/** Prices are an account's own. The id is as a caller wrote it. */
record GiftKey(AccountId account, String productId) {

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	/** Why no product can have this id; it is not to be asked for. */
	Optional<Problem> refusal() {
		return PLAIN.matcher(this.productId).matches() ? Optional.empty()
				: Optional.of(Problem.of(ErrorCode.ERR_VALIDATION, "productId must be 1 to 64 letters, digits, _ or -")
					.detail("field", "productId")
					.money(false, true));
	}

}
