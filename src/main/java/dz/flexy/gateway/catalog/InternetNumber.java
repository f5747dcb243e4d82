package dz.flexy.gateway.catalog;

import java.util.Optional;
import java.util.regex.Pattern;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

/** Which numbers an internet card can be bought for (contract section 4.0). */
public final class InternetNumber {

	private static final Pattern ADSL = Pattern.compile("0[0-9]{8}");

	private static final Pattern LTE = Pattern.compile("213[0-9]{9}");

	private InternetNumber() {
	}

	/**
	 * Whether a number can't be one of its type; says nothing of whether it exists.
	 * @param type as the caller wrote it; only {@code ADSL} and {@code 4G} are known
	 * @param number as the caller wrote it; it is never rewritten
	 * @return empty if it may be asked upstream, else {@code ERR_VALIDATION} for another
	 * type or {@code ERR_PHONE} for a mismatch
	 */
	public static Optional<Problem> refusal(String type, String number) {
		return switch (type) {
			case "ADSL" -> mismatch(ADSL, type, number, "must be 9 digits, the first one 0");
			case "4G" -> mismatch(LTE, type, number, "must be 12 digits, the first ones 213");
			default -> typeRefusal(type);
		};
	}

	static Optional<Problem> typeRefusal(String type) {
		return (type.equals("ADSL") || type.equals("4G")) ? Optional.empty()
				: Optional.of(Problem.of(ErrorCode.ERR_VALIDATION, "type must be ADSL or 4G")
					.detail("field", "type")
					.detail("value", type)
					.money(false, true));
	}

	private static Optional<Problem> mismatch(Pattern pattern, String type, String number, String reason) {
		return pattern.matcher(number).matches() ? Optional.empty()
				: Optional.of(Problem.of(ErrorCode.ERR_PHONE, "the number is not one of type " + type)
					.detail("number", number)
					.detail("type", type)
					.detail("reason", reason)
					.money(false, true));
	}

}
