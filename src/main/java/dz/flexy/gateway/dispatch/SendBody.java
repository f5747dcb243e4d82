package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.catalog.InternetNumber;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import tools.jackson.databind.JsonNode;

/**
 * The body of a send, checked as far as it can be without asking anybody. Unknown fields
 * are ignored, as upstream. Whatever is wrong is a {@link Problem} 400 that names the
 * field.
 */
sealed interface SendBody {

	/** Which family's path it came by. */
	Family family();

	/** The caller's reference. */
	Optional<String> ref();

	/** The most that the caller will pay in DZD. */
	Optional<BigDecimal> maxCost();

	/** {@code POST /v3/internet/send} (contract section 4.3). */
	record Internet(String type, String number, BigDecimal value, Optional<String> ref,
			Optional<BigDecimal> maxCost) implements SendBody {

		static Internet read(JsonNode body) {
			Fields fields = new Fields(body);
			String type = fields.text("type");
			InternetNumber.refusal(type, "")
				.filter((problem) -> problem.code().equals(ErrorCode.ERR_VALIDATION.name()))
				.ifPresent(SendBody::refuse);
			String number = fields.text("number");
			Internet send = new Internet(type, number, fields.amount("value"), fields.ref(),
					fields.optionalAmount("max_cost"));
			InternetNumber.refusal(type, number).ifPresent(SendBody::refuse);
			return send;
		}

		@Override
		public Family family() {
			return Family.INTERNET;
		}

	}

	/**
	 * {@code POST /v3/mobile/send} (contract section 5.2).
	 *
	 * @param amount whole DZD; fixed plans have their own
	 */
	record Mobile(String planCode, String number, Optional<BigDecimal> amount, Optional<String> ref,
			Optional<BigDecimal> maxCost) implements SendBody {

		static Mobile read(JsonNode body) {
			Fields fields = new Fields(body);
			return new Mobile(fields.name("plan_code"), fields.mobileNumber(), fields.wholeAmount("amount"),
					fields.ref(), fields.optionalAmount("max_cost"));
		}

		@Override
		public Family family() {
			return Family.MOBILE;
		}

	}

	/**
	 * {@code POST /v3/gift-cards/placeOrder} (contract section 6.3). The {@code ref} is
	 * the gateway's addition.
	 */
	record GiftCards(String productId, String typeId, int quantity, Optional<String> ref,
			Optional<BigDecimal> maxCost) implements SendBody {

		static GiftCards read(JsonNode body) {
			Fields fields = new Fields(body);
			return new GiftCards(fields.name("productId"), fields.name("typeId"), fields.quantity(), fields.ref(),
					fields.optionalAmount("max_cost"));
		}

		@Override
		public Family family() {
			return Family.GIFT_CARD;
		}

	}

	private static void refuse(Problem problem) {
		throw problem;
	}

}
