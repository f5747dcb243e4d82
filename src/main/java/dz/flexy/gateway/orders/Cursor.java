package dz.flexy.gateway.orders;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import dz.flexy.gateway.orders.OrderListStore.Range;

/** A place in a list, newest first; opaque to callers. */
record Cursor(Instant acceptedAt, String id) {

	static Cursor at(Order order) {
		return new Cursor(order.acceptedAt(), order.id().value());
	}

	static Optional<Cursor> parse(String text) {
		try {
			String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ", 2);
			return (parts.length == 2) ? OrderId.parse(parts[1])
				.map((id) -> new Cursor(Instant.parse(parts[0]), id.value()))
				.filter((cursor) -> Range.ALL.contains(cursor.acceptedAt())) : Optional.empty();
		}
		catch (IllegalArgumentException | DateTimeException malformed) {
			return Optional.empty();
		}
	}

	String text() {
		return Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString((this.acceptedAt + " " + this.id).getBytes(StandardCharsets.US_ASCII));
	}

}
