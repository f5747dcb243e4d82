package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The type of a gift card chooses what becomes of its orders. The {@code TEST_} types are
 * the published ones; here every key and product knows them, and with a production key
 * they cost money. The {@code SIM_} types are the simulator's own, as gift cards have no
 * number whose digits could choose. Delays count from acceptance and are divided by the
 * simulator's speed.
 */
public enum GiftOutcome {

	ORDINARY("any other", "FULFILLED after 3 s", Script.ends("FULFILLED", 3)),

	TEST_REFUND("REFUNDED after 3 s", Script.ends("REFUNDED", 3)),

	TEST_PARTIAL(
			"PARTIALLY_FILLED after 3 s with half of the cards, rounded down; REFUNDED if that is none; the rest is paid back",
			Script.ends("PARTIALLY_FILLED", 3)),

	SIM_AT_ONCE("FULFILLED at the first read", Script.ends("FULFILLED", 0)),

	SIM_CARDS_LATE("FULFILLED after 1 s, cards missing in the first two reads that show it",
			Script.ends("FULFILLED", 1)),

	SIM_CARDS_NEVER("FULFILLED after 1 s, never a card", Script.ends("FULFILLED", 1)),

	SIM_REVERSED("FULFILLED after 3 s, REFUNDED after 60 s", Script.changes("FULFILLED", 3, "REFUNDED", 60)),

	SIM_STUCK("HANDLING for ever", Script.never()),

	SIM_ANSWER_LOST("accepted, the answer to placeOrder is lost; FULFILLED after 3 s", Script.ends("FULFILLED", 3),
			Fault.answerLost()),

	SIM_LATE_ARRIVAL("accepted, the answer is lost, reads show nothing of it for 30 s; FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.hiddenFor(Duration.ofSeconds(30))),

	SIM_ERROR_AFTER("accepted, placeOrder answers 500; FULFILLED after 3 s", Script.ends("FULFILLED", 3),
			Fault.errorAfterCommit()),

	SIM_UNREADABLE("accepted, placeOrder answers 200 with half of its JSON; FULFILLED after 3 s",
			Script.ends("FULFILLED", 3), Fault.truncatedJson()),

	SIM_NO_STOCK("ERR_STOCK at placeOrder", Script.never());

	private final String shown;

	private final String sentence;

	private final Script script;

	private final @Nullable Fault fault;

	GiftOutcome(String sentence, Script script) {
		this("", sentence, script, null);
	}

	GiftOutcome(String sentence, Script script, Fault fault) {
		this("", sentence, script, fault);
	}

	GiftOutcome(String shown, String sentence, Script script) {
		this(shown, sentence, script, null);
	}

	GiftOutcome(String shown, String sentence, Script script, @Nullable Fault fault) {
		this.shown = shown.isEmpty() ? name() : shown;
		this.sentence = sentence;
		this.script = script;
		this.fault = fault;
	}

	/** The outcome of a type's id. */
	public static GiftOutcome of(String type) {
		return Arrays.stream(values())
			.filter((outcome) -> outcome != ORDINARY && outcome.name().equals(type))
			.findFirst()
			.orElse(ORDINARY);
	}

	/** The whole table as Markdown. */
	public static String table() {
		return Arrays.stream(values())
			.map((outcome) -> "| " + outcome.shown + " | " + outcome.sentence + " |")
			.collect(Collectors.joining("\n", "| Gift card type | Outcome |\n|---|---|\n", "\n"));
	}

	Timeline timeline(int quantity, Pace pace) {
		Timeline drawn = this.script.draw(Family.GIFT_CARDS, 0, pace);
		boolean none = this == TEST_PARTIAL && quantity < 2;
		return none ? TEST_REFUND.timeline(quantity, pace) : drawn;
	}

	@Nullable Fault faultAfterCommit() {
		return this.fault;
	}

	Duration hidden() {
		return (this.fault == null) ? Duration.ZERO : this.fault.hidden();
	}

}
