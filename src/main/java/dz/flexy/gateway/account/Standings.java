package dz.flexy.gateway.account;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this process knows of all keys: the rows as last read, and over them the stops
 * that are not stored yet, so that no reading undoes one. Thread-safe.
 */
final class Standings {

	private final Set<Stop> unsaved = new LinkedHashSet<>();

	private Map<KeyId, Standing> rows = new HashMap<>();

	private boolean read;

	private long version;

	/** Empty while nothing was read. A stop that is over leaves the key unverified. */
	synchronized Optional<Standing> of(Account account, Instant now) {
		Optional<Standing> known = Stream.of(KeyId.EVERY, KeyId.of(account))
			.flatMap(this::stored)
			.filter((standing) -> !over(standing, now))
			.findFirst();
		return known.isPresent() || !this.read ? known : Optional.of(new Standing.Unverified());
	}

	/** Grows with each change made here. */
	synchronized long version() {
		return this.version;
	}

	/**
	 * Takes over what was read, unless something changed here meanwhile.
	 * @param seen the version before the reading began
	 * @param latest the rows
	 * @return false if it has to be read again
	 */
	synchronized boolean replace(long seen, Map<KeyId, Standing> latest) {
		if (seen != this.version) {
			return false;
		}
		this.rows = new HashMap<>(latest);
		this.read = true;
		return true;
	}

	synchronized void learned(Account account, Standing.Active active) {
		this.rows.put(KeyId.of(account), active);
		this.version++;
	}

	synchronized void stopping(Stop stop) {
		this.unsaved.add(stop);
		this.version++;
	}

	synchronized void saved(Stop stop) {
		this.unsaved.remove(stop);
		this.rows.put(stop.key(), stop.standing());
		this.version++;
	}

	private Stream<Standing> stored(KeyId key) {
		Stream<Standing> stops = this.unsaved.stream().filter((stop) -> stop.key().equals(key)).map(Stop::standing);
		return Stream.concat(stops, Stream.ofNullable(this.rows.get(key)));
	}

	private static boolean over(Standing standing, Instant now) {
		return standing instanceof Standing.Stopped stopped && !stopped.until().isAfter(now);
	}

}
