package dz.flexy.gateway.upstream;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Reads {@code Date} headers (RFC 9110 section 5.6.7). All answers of one second have the
 * same, so the last one is remembered. Thread-safe.
 */
final class HttpDates {

	private record Read(String text, Optional<Instant> instant) {
	}

	private volatile Read last = new Read("", Optional.empty());

	/** Empty if it is none. */
	Optional<Instant> read(String text) {
		Read known = this.last;
		if (!known.text().equals(text)) {
			known = new Read(text, parse(text));
			this.last = known;
		}
		return known.instant();
	}

	private static Optional<Instant> parse(String text) {
		try {
			return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
		}
		catch (DateTimeParseException malformed) {
			return Optional.empty();
		}
	}

}
