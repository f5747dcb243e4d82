package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * All keys, by their text. Fixed after the start.
 */
final class Keys {

	private final Map<String, AccessKey> keys = new LinkedHashMap<>();

	private final Map<String, Tenant> accounts = new LinkedHashMap<>();

	Keys(SimulatorSettings settings, Ids ids) {
		settings.keys().forEach((key) -> {
			Tenant tenant = this.accounts.computeIfAbsent(key.username() + key.type(),
					(name) -> opened(key, settings, ids));
			this.keys.put(key.key(), new AccessKey(key, settings.window(key), tenant));
		});
	}

	Optional<AccessKey> find(@Nullable String text) {
		return Optional.ofNullable(text).map(this.keys::get);
	}

	Collection<AccessKey> all() {
		return this.keys.values();
	}

	private static Tenant opened(KeySettings key, SimulatorSettings settings, Ids ids) {
		Instant now = settings.clock().instant();
		Book book = new Book(key.username(), key.type() == KeyType.PRODUCTION, ids, settings.pace());
		book.setBalance(key.balance(), now);
		return Tenant.of(book);
	}

}
