package dz.flexy.gateway.account;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static java.util.stream.Collectors.toMap;

/**
 * The upstream refused a key.
 *
 * @param at when
 * @param key which
 */
record KeyFailure(Instant at, KeyId key) {

	/**
	 * Different refused keys at which no further one is shown. The documents say that 5
	 * failures block the address (contract section 2.2).
	 */
	private static final int MOST_KEYS = 2;

	/** Refusals at which none is shown at all. */
	private static final int MOST_REFUSALS = 4;

	/**
	 * Until when a key must not be shown, lest it brings the address block closer.
	 * @param failures within the window, in any order
	 * @param key the one that is to be asked about
	 * @param window how long the upstream remembers
	 * @return empty if it may be asked about now
	 */
	static Optional<Instant> bars(List<KeyFailure> failures, KeyId key, Duration window) {
		Stream<Instant> refusals = failures.stream().map(KeyFailure::at);
		boolean known = failures.stream().anyMatch((failure) -> failure.key().equals(key));
		Stream<Instant> keys = known ? Stream.empty()
				: failures.stream()
					.collect(toMap(KeyFailure::key, KeyFailure::at, (a, b) -> a.isAfter(b) ? a : b))
					.values()
					.stream();
		return Stream.concat(nth(refusals, MOST_REFUSALS), nth(keys, MOST_KEYS))
			.max(Comparator.naturalOrder())
			.map((last) -> last.plus(window));
	}

	/** Once the n-th latest is forgotten there are fewer than n. */
	private static Stream<Instant> nth(Stream<Instant> times, int n) {
		return times.sorted(Comparator.reverseOrder()).skip(n - 1L).limit(1);
	}

}
