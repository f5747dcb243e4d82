package dz.flexy.gateway.simulator;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One published or observed departure from the simulator's default reading of the
 * contract, with the sentence that describes it.
 */
public enum Quirk {

	PRODUCTS_TYPE_IN_META("products: data.products and meta.type"),

	PRODUCTS_BARE_ARRAY("products: data is the bare array"),

	INTERNET_LIST_ITEMS("internet list: data.items instead of data.topups"),

	LIST_ROWS_WITH_CARD("internet list rows carry card_code, num_trans and date_traitement"),

	TOPUP_REF_BARE("send answers the ref as sent, without API-<username>-"),

	CHECK_REF_BARE("check-id and check-ref answer the ref as sent"),

	NEW_BALANCE_IN_SEND("send answers newBalance as well"),

	CURRENCY_IN_BALANCE("balance answers currency as well"),

	REQUEST_ID_MISSING("no requestId in any body"),

	REQUEST_ID_IN_META("requestId stands inside meta"),

	REQUEST_ID_HEADER_MISSING("no X-Request-ID header"),

	DUPLICATED_WITH_HYPHEN("DUPLICATED-REF instead of DUPLICATED_REF"),

	NO_BALANCE("NO_BALANCE instead of INSUFFICIENT_BALANCE"),

	INVALID_PHONE("INVALID_PHONE instead of ERR_PHONE"),

	ERR_AUTH("ERR_AUTH instead of INVALID_ACCESS_TOKEN"),

	MISSING_KEY_IS_400("a missing key is answered 400 instead of 401"),

	CODE_ONLY_IN_MESSAGE("errors carry no code; the message names it"),

	MESSAGE_AT_TOP("errors carry message at the top level and no error object"),

	MOBILE_SUCCESS_FAILED("mobile statuses SUCCESS and FAILED instead of FULFILLED and REFUNDED"),

	FIXED_PLAN_NEEDS_AMOUNT("a fixed mobile plan without amount is refused"),

	MOBILE_CAMEL_CASE("mobile orders carry planCode, planName, operator, amount, cost, createdAt and updatedAt"),

	MOBILE_FOLLOW_UPS("mobile orders name follow_orderid and retry_orderid"),

	BARE_SUCCESS("success bodies have success and data only"),

	META_WITHOUT_TIMESTAMP("meta carries no timestamp"),

	EMPTY_DETAILS("errors carry details though there are none"),

	MESSAGE_IN_DATA("errors carry data.message and no error object"),

	VALIDATE_OF_BILLS("validate answers data.account and data.key"),

	TRANSACTIONS_REDUCED("account transactions have type, amount and time only"),

	ORDER_REF_IN_PLACE_ORDER("placeOrder answers orderRef as well"),

	GIFT_IDS_UNDERSCORED("checkProduct writes _id instead of productId and of its types' id"),

	GIFT_CHECK_WITHOUT_PRODUCT("checkOrder of a settled order has neither product nor type"),

	GIFT_ROWS_WITH_CARDS("gift card list rows carry cards"),

	PAYMENT_DETAILS_OF_SDK("checkPayment tells transactionRef, fee, netAmount, paymentMethod and completedAt"),

	BILL_ROWS_PROJECTED("bill list rows have neither bills nor error");

	private final String sentence;

	Quirk(String sentence) {
		this.sentence = sentence;
	}

	/** The whole table as Markdown. */
	public static String table() {
		return Arrays.stream(values())
			.map((quirk) -> "| `" + quirk.name() + "` | " + quirk.sentence + " |")
			.collect(Collectors.joining("\n", "| Drift | What changes |\n|---|---|\n", "\n"));
	}

	public String sentence() {
		return this.sentence;
	}

}
