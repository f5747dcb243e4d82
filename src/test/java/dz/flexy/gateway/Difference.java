package dz.flexy.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is meant to be otherwise than upstream, and why. It is recognised by a line of
 * {@link AnswerShape#differencesTo}.
 */
enum Difference {

	QUOTA("= header X-RateLimit-Limit 10000 -> 6000",
			"`X-RateLimit-*` tell the caller's own quota, not the account's."),

	UNCOUNTED("- header X-RateLimit-\\w+ header", "Ping needs no key, so it looks at none and counts for nobody.",
			Endpoint.PING),

	ENVELOPE("(\\+ error\\.(code|message)|\\+ (requestId|success)|- (message|statusCode)|~ error) .*",
			"An unknown path is refused in the envelope too; the upstream's router has a body of its own.",
			Endpoint.PING),

	REQUEST_ID("\\+ (meta|meta\\.timestamp|requestId) (object|string)",
			"`meta.timestamp` and `requestId` are in this answer too.", Endpoint.VALIDATE),

	OWN_KEY("= data\\.(username|apiKey\\.key) .*", "The caller sees his own key and name, never the account's.",
			Endpoint.VALIDATE),

	FACTS("\\+ error\\.details(\\.moneyMayHaveMoved|\\.retrySafe)? (object|boolean)",
			"`error.details` says whether money may have moved and whether a repeat is safe."),

	TRACE("\\+ error\\.details\\.(upstreamRequestId|orderId) string",
			"`error.details` names the upstream's request and the order, where there is one."),

	GROUNDS("\\+ error\\.details\\.(ref|min|max|typeId|quantity|available) (string|number)",
			"`error.details` says more of what was refused.", Endpoint.INTERNET_SEND, Endpoint.MOBILE_SEND,
			Endpoint.PLACE_ORDER),

	WORDS("= error\\.(message|details\\.reason) .*",
			"The message begins with the code, for clients that search it there, and local checks have words of their own."),

	BAD_VALUE("- error\\.details\\.value string|~ error\\.details\\.value string -> number",
			"`error.details.value` is left out where nothing usable was sent, and is a number where one was."),

	LONE_DATE("= error\\.details\\.field from -> to", "Of `from` and `to` the one that is missing is named.",
			Endpoint.INTERNET_LIST, Endpoint.MOBILE_LIST, Endpoint.GIFT_LIST),

	BARE_REF(
			"= data\\.(topupRef|ref) API-\\+\\d+-(\\S+) -> \\2|= data\\.(topups|items)\\[]\\.ref API-.* -> (?!.*API-).*",
			"`topupRef` and `ref` are the caller's own, as sent; looking up understands `API-<name>-<ref>` too.",
			Endpoint.INTERNET_SEND, Endpoint.INTERNET_BY_ID, Endpoint.INTERNET_BY_REF, Endpoint.INTERNET_LIST,
			Endpoint.MOBILE_SEND, Endpoint.MOBILE_BY_ID, Endpoint.MOBILE_BY_REF, Endpoint.MOBILE_LIST),

	BOTH_NAMES("\\+ data\\.items(\\[])?(\\.\\w+)? .*",
			"Rows are under `items` as well as `topups`, for both are published.", Endpoint.INTERNET_LIST),

	CARD_REF("\\+ data\\.(items\\[]\\.)?ref string", "Gift card orders have a `ref` here.", Endpoint.PLACE_ORDER,
			Endpoint.CHECK_ORDER, Endpoint.GIFT_LIST),

	DELIVERED("\\+ data\\.(fulfilled_amount|fulfilled_quantity|price_per_card) number",
			"What was delivered is told from the start, as 0.", Endpoint.CHECK_ORDER),

	NOT_YET_REFUNDED("- data\\.refund_message string",
			"Only a refunded order has a `refund_message`: an UNKNOWN_ERROR may still be delivered.",
			Endpoint.MOBILE_BY_ID, Endpoint.MOBILE_BY_REF),

	WAIT("\\+ header Retry-After header", "Each 429 and 503 says when to ask again.", Endpoint.DISCOVER);

	private final Pattern line;

	private final String reason;

	private final Set<Endpoint> endpoints;

	Difference(String line, String reason, Endpoint... endpoints) {
		this.line = Pattern.compile(line);
		this.reason = reason;
		this.endpoints = Set.of((endpoints.length > 0) ? endpoints : Endpoint.values());
	}

	/** The difference that this line shows at that endpoint, if it is one. */
	static Optional<Difference> of(Endpoint endpoint, String line) {
		return Arrays.stream(values())
			.filter((difference) -> difference.endpoints.contains(endpoint) && difference.line.matcher(line).matches())
			.findFirst();
	}

	String reason() {
		return this.reason;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

}
