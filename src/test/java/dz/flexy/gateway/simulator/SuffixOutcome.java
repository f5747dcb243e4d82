package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The last two digits of a number choose what becomes of its orders, internet and mobile.
 * Delays count from acceptance and are divided by the simulator's speed.
 */
public enum SuffixOutcome {

	ORDINARY("00-77", "FULFILLED after 3 to 45 s, growing evenly with the two digits", Script.ordinary()),

	REVERSED("78", "FULFILLED after 3 s, REFUNDED after 60 s", Script.changes("FULFILLED", 3, "REFUNDED", 60)),

	LATE_ARRIVAL("79", "accepted, the answer is lost, reads show nothing of it for 30 s; FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.hiddenFor(Duration.ofSeconds(30)), false),

	AT_ONCE("80", "FULFILLED at the first read", Script.ends("FULFILLED", 0)),

	QUICK("81", "FULFILLED after 1 s", Script.ends("FULFILLED", 1)),

	STEADY("82", "FULFILLED after 5 s", Script.ends("FULFILLED", 5)),

	REFUNDED("83", "REFUNDED after 3 s (mobile 0600000001 too)", Script.ends("REFUNDED", 3)),

	QUEUED_FULFILLED("84", "QUEUED (mobile: UNKNOWN_ERROR) after 3 s, FULFILLED 12 h later",
			Script.postponed("FULFILLED")),

	QUEUED_REFUNDED("85", "QUEUED (mobile: UNKNOWN_ERROR) after 3 s, REFUNDED 12 h later",
			Script.postponed("REFUNDED")),

	UNKNOWN_STATUS("86", "the unknown status PROCESSING after 1 s, FULFILLED after 10 s",
			Script.changes("PROCESSING", 1, "FULFILLED", 10)),

	CODE_LATE("87", "FULFILLED after 1 s, card_code missing in the first two reads that show it",
			Script.ends("FULFILLED", 1)),

	CODE_NEVER("88", "FULFILLED after 1 s, never a card_code", Script.ends("FULFILLED", 1)),

	STUCK("89", "HANDLING for ever", Script.never()),

	ANSWER_LOST("90", "accepted, the answer to send is lost; FULFILLED after 3 s", Script.ends("FULFILLED", 3),
			Fault.answerLost(), false),

	CUT("91", "first send of a ref: connection cut, nothing accepted; then FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.cutBeforeCommit(), true),

	ERROR_BEFORE("92", "first send of a ref: 500, nothing accepted; then FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.errorBeforeCommit(), true),

	ERROR_AFTER("93", "accepted, send answers 500; FULFILLED after 3 s", Script.ends("FULFILLED", 3),
			Fault.errorAfterCommit(), false),

	UNAVAILABLE("94", "first send of a ref: 503 SERVICE_UNAVAILABLE, nothing accepted; then FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.unavailableBeforeCommit(), true),

	LIMITED("95", "first send of a ref: 429 with Retry-After 1, nothing accepted; then FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.limited(Duration.ofSeconds(1)), true),

	UNREADABLE("96", "accepted, send answers 200 with half of its JSON; FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.truncatedJson(), false),

	BAD_NUMBER("97", "ERR_PHONE at check-number and send (mobile: ERR_VALIDATION)", Script.never()),

	NO_STOCK("98", "ERR_STOCK at send (mobile, 0600000002 too: REFUNDED after 3 s with suggested_offers)",
			Script.ends("REFUNDED", 3)),

	NO_FUNDS("99", "INSUFFICIENT_BALANCE at send", Script.never());

	private static final Map<String, SuffixOutcome> BY_DIGITS = Arrays.stream(values())
		.collect(Collectors.toUnmodifiableMap(SuffixOutcome::digits, Function.identity()));

	/** The published test numbers for mobile. */
	private static final Map<String, SuffixOutcome> SANDBOX = Map.of("0600000001", REFUNDED, "0600000002", NO_STOCK);

	private final String digits;

	private final String sentence;

	private final Script script;

	private final @Nullable Fault fault;

	private final boolean firstOnly;

	SuffixOutcome(String digits, String sentence, Script script) {
		this(digits, sentence, script, null, false);
	}

	SuffixOutcome(String digits, String sentence, Script script, @Nullable Fault fault, boolean firstOnly) {
		this.digits = digits;
		this.sentence = sentence;
		this.script = script;
		this.fault = fault;
		this.firstOnly = firstOnly;
	}

	/** The outcome of a number; one that doesn't end in two digits is ordinary. */
	public static SuffixOutcome of(String number) {
		return SANDBOX.getOrDefault(number, BY_DIGITS.getOrDefault(tail(number), ORDINARY));
	}

	/** Whether it is one of the published test numbers, which every plan serves. */
	static boolean isSandbox(String number) {
		return SANDBOX.containsKey(number);
	}

	/** The whole table as Markdown. */
	public static String table() {
		return Arrays.stream(values())
			.map((outcome) -> "| " + outcome.digits + " | " + outcome.sentence + " |")
			.collect(Collectors.joining("\n", "| Number ends in | Outcome |\n|---|---|\n", "\n"));
	}

	public String digits() {
		return this.digits;
	}

	public String sentence() {
		return this.sentence;
	}

	Timeline timeline(Family family, String number, Pace pace) {
		return this.script.draw(family, lastTwo(number), pace);
	}

	/** What befalls an accepted send; a fault that hits only first sends isn't one. */
	@Nullable Fault faultAfterCommit() {
		return this.firstOnly ? null : this.fault;
	}

	Duration hidden() {
		return (this.fault == null) ? Duration.ZERO : this.fault.hidden();
	}

	@Nullable Fault faultOfFirstSend() {
		return this.firstOnly ? this.fault : null;
	}

	private static int lastTwo(String number) {
		String tail = tail(number);
		return tail.matches("[0-9]{2}") ? Integer.parseInt(tail) : 0;
	}

	private static String tail(String number) {
		return number.substring(Math.max(0, number.length() - 2));
	}

}
