package dz.flexy.gateway.faults;

import java.util.Map;
import java.util.Optional;

/**
 * One purchase that a caller wants, once. What he wants it for tells it from all others:
 * no two intents have the same number, or the same type and quantity of gift cards.
 *
 * @param number counts all intents
 * @param caller who
 * @param item what is bought, as {@link Purchase} and {@link Entry} name it too
 * @param path where it is ordered
 * @param body of the order, with the ref if it has one
 * @param ref the caller's, by which he may repeat the order
 * @param key the {@code Idempotency-Key}, by which he may repeat it too
 */
record Intent(int number, String caller, String item, String path, Map<String, Object> body, Optional<String> ref,
		Optional<String> key) {

	/** An item of the families that have numbers. */
	static String line(String number) {
		return "line " + number;
	}

	static String gifts(String type, int quantity) {
		return quantity + " cards of " + type;
	}

	/** Whether the same request may follow one whose answer was lost. */
	boolean mayBeRepeated() {
		return this.ref.isPresent() || this.key.isPresent();
	}

}
