package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * An account's orders by id and by stored ref. Guarded by its book.
 */
final class Orders {

	private final String prefix;

	private final Map<String, Order> byRef = new HashMap<>();

	private final Map<String, Order> byId = new LinkedHashMap<>();

	Orders(String username) {
		this.prefix = "API-" + username + "-";
	}

	/** As if it had never been taken. */
	void forget(String id) {
		Order order = this.byId.remove(id);
		if (order != null) {
			this.byRef.remove(order.storedRef());
		}
	}

	String stored(String ref) {
		return this.prefix + ref;
	}

	void add(Order order) {
		this.byRef.put(order.storedRef(), order);
		this.byId.put(order.id(), order);
	}

	/** The order that has taken this stored ref, in whichever family. */
	Optional<Order> taking(String storedRef) {
		return Optional.ofNullable(this.byRef.get(storedRef));
	}

	Optional<Order> byId(String id) {
		return Optional.ofNullable(this.byId.get(id));
	}

	Optional<Order> byId(Family family, String id, Instant now) {
		return visible(this.byId.get(id), family, now);
	}

	Optional<Order> byRef(Family family, String ref, Instant now) {
		Order exact = this.byRef.get(ref);
		return visible((exact != null) ? exact : this.byRef.get(stored(ref)), family, now);
	}

	/** Newest first. */
	List<Order> all() {
		return new ArrayList<>(this.byId.values()).reversed();
	}

	private static Optional<Order> visible(@Nullable Order order, Family family, Instant now) {
		return Optional.ofNullable(order).filter((found) -> found.isVisible(family, now));
	}

}
