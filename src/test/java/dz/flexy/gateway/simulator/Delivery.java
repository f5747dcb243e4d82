package dz.flexy.gateway.simulator;

import java.time.Duration;

/**
 * How an answer travels back, once it is decided.
 */
sealed interface Delivery {

	/** At once and complete. */
	record Whole() implements Delivery {
	}

	/** Not at all: the connection is closed without a byte, by RST when {@code reset}. */
	record Lost(boolean reset) implements Delivery {
	}

	/** Never; the connection stays open until the client leaves. */
	record Hang() implements Delivery {
	}

	/** Complete, but only after the delay (real time). */
	record Late(Duration delay) implements Delivery {
	}

	/** Headers at once, then one byte after each pause (real time). */
	record Trickled(Duration pause) implements Delivery {
	}

	/** Headers and half of the announced body, then the connection is closed. */
	record CutShort() implements Delivery {
	}

}
