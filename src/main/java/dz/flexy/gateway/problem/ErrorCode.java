package dz.flexy.gateway.problem;

import java.util.Locale;
import java.util.Optional;

/**
 * The codes that callers meet, in the upstream's documented spelling where it has one
 * (contract section 8). An upstream code that is none of them is handed on verbatim. Each
 * states what a caller needs to know about it; {@code docs/errors.md} is made of that.
 */
public enum ErrorCode {

	ERR_VALIDATION(400, Money.NO, Repeat.SAFE, "The request is malformed, or names a card value that is not sold.",
			"Refuses before anything is stored; `details.field` names the field.",
			"Ends the order `REJECTED` if this was its first send, and hands it on with the upstream's status and words."),
	ERR_PHONE(400, Money.NO, Repeat.SAFE, "The number is not one of its type, or the operator does not know it.",
			"Refuses a number of another format before anything is stored, and for 60 s one that the upstream has refused.",
			"Ends the order `REJECTED` and hands it on. `INVALID_PHONE` is told as this."),
	ERR_STOCK(400, Money.NO, Repeat.SAFE, "The card value is out of stock.",
			"Refuses if a product list at most 30 s old says so; nothing is stored.",
			"Ends the order `REJECTED`, hands it on, and reads the product list anew."),
	PRICE_CHANGED(400, Money.NO, Repeat.SAFE, "The price is above the caller's `max_cost`.",
			"Ends the order `REJECTED` before anything is sent.", Texts.NOT_FROM_UPSTREAM),
	MISSING_ACCESS_TOKEN(401, Money.NO, Repeat.SAFE, "The request has no `X-Access-Token` header.",
			"Refuses before the request is looked at.",
			"Is about the gateway's own key and never shown: see `UPSTREAM_ACCOUNT_STOPPED`."),
	INVALID_ACCESS_TOKEN(401, Money.NO, Repeat.SAFE, "The key in `X-Access-Token` is unknown.",
			"Refuses before the request is looked at.",
			"Is about the gateway's own key and never shown: see `UPSTREAM_ACCOUNT_STOPPED`."),
	INVALID_TICKET(401, Money.NO, Repeat.SAFE,
			"The ticket of a page is unknown, was used or is older than 60 s, or the time of the page is over.",
			"Refuses before the request is looked at. Ask the caller for another ticket.", Texts.NOT_FROM_UPSTREAM),
	INSUFFICIENT_SCOPE(403, Money.NO, Repeat.SAFE, "The key is known but lacks the scope of this path.",
			"Refuses; the message names the scope.", Texts.NOT_FROM_UPSTREAM),
	INSUFFICIENT_BALANCE(403, Money.NO, Repeat.SAFE, "The account cannot pay for the order.",
			"Refuses by itself only on a balance at most 5 s old that is below a known price; the order ends `REJECTED`.",
			"Ends the order `REJECTED` and hands it on with `details.required` and `details.available`, if given. `NO_BALANCE` is told as this."),
	DUPLICATED_REF(403, Money.EARLIER, Repeat.NO, "The caller has used this `ref` before.",
			"Refuses; the earlier order is under `check-ref`. Send an `Idempotency-Key` to have the earlier answer replayed instead.",
			"Proves that the gateway's own send has arrived: the order is looked up and adopted, and the code never shown."),
	NOT_FOUND(404, Money.NO, Repeat.SAFE, "No such path, method or order, or not the caller's.",
			"Answers from its ledger; another caller's order is not told apart from none.",
			"Counts towards the proof that a lost send has not arrived, and is not shown."),
	NOT_CANCELLABLE(409, Money.PERHAPS, Repeat.NO, "The order has gone too far to be cancelled.",
			"Refuses; money may have moved unless the order was rejected.", Texts.NOT_FROM_UPSTREAM),
	PAGE_CLOSED(409, Money.NO, Repeat.SAFE, "The order has been final for more than 24 hours.",
			"Gives no ticket of it away; the order itself can still be read with the caller's key.",
			Texts.NOT_FROM_UPSTREAM),
	MOVE_REFUSED(409, Money.EARLIER, Repeat.SAFE,
			"The order, payment or account does not allow this operator's move as it stands.",
			"Changes nothing and sends nothing; the message tells what stands against it, `details` the present state. The refusal is written down.",
			Texts.NOT_FROM_UPSTREAM),
	IDEMPOTENCY_KEY_IN_USE(409, Money.PERHAPS, Repeat.SAFE,
			"A request with the same `Idempotency-Key` is still being answered.",
			"Refuses while the first request is in flight; `Retry-After` says when its answer will be there.",
			Texts.NOT_FROM_UPSTREAM),
	PAYLOAD_TOO_LARGE(413, Money.NO, Repeat.SAFE, "The body is over 64 KiB.",
			"Refuses before the body is read to its end.", Texts.NOT_FROM_UPSTREAM),
	IDEMPOTENCY_KEY_REUSED(422, Money.EARLIER, Repeat.NO, "The `Idempotency-Key` was used with another body.",
			"Refuses; nothing is stored.", Texts.NOT_FROM_UPSTREAM),
	RATE_LIMIT_EXCEEDED(429, Money.NO, Repeat.SAFE,
			"The caller's quota is used up, more orders wait than can be begun in time, or an address showed too many unknown keys.",
			"Refuses with `Retry-After`; nothing is stored.",
			"Is about the gateway's own budget and never shown: the account rests until the window ends, the order goes back to `ACCEPTED`."),
	SPEND_LIMIT_EXCEEDED(429, Money.NO, Repeat.SAFE,
			"The order's value would exceed what the caller may order in the window.",
			"Refuses; `details.limit` and `details.spent` are in DZD, `Retry-After` says when the window ends.",
			Texts.NOT_FROM_UPSTREAM),
	INTERNAL_ERROR(500, Money.PERHAPS, Repeat.SAME_REF_OR_KEY, "A fault of the gateway.",
			"Logs it under the `requestId`. Of a read it says that no money moved and that it may be repeated.",
			"After a send the order is looked up until its fate is known; a read is made once more and then told as `UPSTREAM_UNAVAILABLE`."),
	CARD_UNREADABLE(500, Money.NO, Repeat.SAFE,
			"The card was delivered and stored, but the key that it was encrypted with is not configured, or its row is damaged.",
			"Logs the order and the key's id. `/orders/{id}` and lists still answer; once an operator has restored the key, the card is shown.",
			Texts.NOT_FROM_UPSTREAM),
	UPSTREAM_UNAVAILABLE(503, Money.NO, Repeat.SAFE, "The upstream fails, or its answers cannot be read.",
			"Accepts no order while sending is on hold or cannot be resumed in time; a read is answered from what is kept, as long as that is fresh enough.",
			Texts.NOT_FROM_UPSTREAM),
	UPSTREAM_ACCOUNT_STOPPED(503, Money.NO, Repeat.SAFE,
			"The upstream refuses the gateway's own key; only an operator can mend it.",
			"Accepts no order and makes no call with that key for 15 minutes, on every replica.",
			Texts.NOT_FROM_UPSTREAM),
	SENDS_STOPPED(503, Money.NO, Repeat.SAFE, "An operator has stopped the sends of the account.",
			"Accepts no order and no payment until he lets them go on; orders accepted before wait until their deadline, following and reads go on.",
			Texts.NOT_FROM_UPSTREAM),
	STORE_UNAVAILABLE(503, Money.NO, Repeat.SAFE, "The gateway's database cannot be reached.",
			"Accepts nothing; what is kept in memory is still answered.", Texts.NOT_FROM_UPSTREAM),
	ACCEPTANCE_UNKNOWN(503, Money.PERHAPS, Repeat.SAME_REF_OR_KEY,
			"The commit's own outcome is unknown: the order may have been accepted.",
			"If it was, the order is bought once. `details.orderId` is its id; without a `ref` or key the request must not be repeated.",
			Texts.NOT_FROM_UPSTREAM),
	NOT_SENT_IN_TIME(503, Money.NO, Repeat.SAFE,
			"An accepted order could not be begun before its deadline; it was never bought.",
			"Ends the order `REJECTED`.", Texts.NOT_FROM_UPSTREAM),
	SEND_FAILED(503, Money.NO, Repeat.SAFE, "Sent as often as allowed, and each time proven not to have arrived.",
			"Ends the order `REJECTED`.", Texts.NOT_FROM_UPSTREAM),
	ANSWER_LOST(504, Money.PERHAPS, Repeat.NO,
			"The upstream's answer to a payment or a payment link was lost: it may have been made.",
			"The request went out once and is kept as `UNKNOWN`; nothing repeats it. Look it up at the upstream.",
			Texts.NOT_FROM_UPSTREAM),
	CANCELLED(409, Money.NO, Repeat.SAFE, "The caller cancelled the order before it was sent.",
			"Ends the order `REJECTED` and tells the send that was still waiting for its answer.",
			Texts.NOT_FROM_UPSTREAM);

	private final int status;

	private final Money money;

	private final Repeat repeat;

	private final String meaning;

	private final String raised;

	private final String received;

	ErrorCode(int status, Money money, Repeat repeat, String meaning, String raised, String received) {
		this.status = status;
		this.money = money;
		this.repeat = repeat;
		this.meaning = meaning;
		this.raised = raised;
		this.received = received;
	}

	/**
	 * HTTP status that goes with the code unless the upstream answered with another.
	 * @return 400 to 503
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Whether money may have moved when a caller is told this code.
	 * @return the general answer; {@code details.moneyMayHaveMoved} is the one that
	 * counts
	 */
	public Money money() {
		return this.money;
	}

	/**
	 * Whether the same request may be sent again without buying twice.
	 * @return the general answer; {@code details.retrySafe} is the one that counts
	 */
	public Repeat repeat() {
		return this.repeat;
	}

	/**
	 * What the code says.
	 * @return one sentence of Markdown
	 */
	public String meaning() {
		return this.meaning;
	}

	/**
	 * What the gateway does when it raises the code by itself.
	 * @return Markdown
	 */
	public String raised() {
		return this.raised;
	}

	/**
	 * What the gateway does when the upstream answers an order with the code.
	 * @return Markdown
	 */
	public String received() {
		return this.received;
	}

	/**
	 * Finds the documented code for any of its published spellings: case and hyphens are
	 * folded and the aliases of contract section 11 (rows 2 to 4) are mapped.
	 * @param code as the upstream spelt it
	 * @return empty for a code this gateway does not know
	 */
	public static Optional<ErrorCode> ofUpstream(String code) {
		String folded = code.trim().toUpperCase(Locale.ROOT).replace('-', '_');
		return switch (folded) {
			case "ERR_VALIDATION" -> Optional.of(ERR_VALIDATION);
			case "ERR_PHONE", "INVALID_PHONE" -> Optional.of(ERR_PHONE);
			case "ERR_STOCK" -> Optional.of(ERR_STOCK);
			case "NO_BALANCE", "INSUFFICIENT_BALANCE" -> Optional.of(INSUFFICIENT_BALANCE);
			case "DUPLICATED_REF" -> Optional.of(DUPLICATED_REF);
			case "NOT_FOUND" -> Optional.of(NOT_FOUND);
			case "RATE_LIMIT_EXCEEDED" -> Optional.of(RATE_LIMIT_EXCEEDED);
			default -> Optional.empty();
		};
	}

	/** Whether money may have moved. */
	public enum Money {

		/** Nothing was bought. */
		NO("no"),
		/** Not by this request; an earlier one may have bought. */
		EARLIER("not by this request: read the earlier one"),
		/** Not known, or not in every case. */
		PERHAPS("perhaps");

		private final String label;

		Money(String label) {
			this.label = label;
		}

		/**
		 * The answer for people.
		 * @return Markdown
		 */
		public String label() {
			return this.label;
		}

	}

	/** Whether the same request may be sent again. */
	public enum Repeat {

		/** Nothing is bought twice, with or without a reference. */
		SAFE("safe"),
		/** What was done already is recognised by one of them only. */
		SAME_REF_OR_KEY("only with the same `ref` or `Idempotency-Key`"),
		/** It would be refused again, or buy twice. */
		NO("no");

		private final String label;

		Repeat(String label) {
			this.label = label;
		}

		/**
		 * The answer for people.
		 * @return Markdown
		 */
		public String label() {
			return this.label;
		}

	}

	private static final class Texts {

		static final String NOT_FROM_UPSTREAM = "Does not come from there.";

	}

}
