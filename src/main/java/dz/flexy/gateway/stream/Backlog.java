package dz.flexy.gateway.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderEvent.Place;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of many orders has not taken yet, oldest place first. Up to a number
 * every event is kept, beyond it only the latest of each order until the reader has
 * caught up. Thread-safe.
 */
final class Backlog {

	private final int each;

	private final int bound;

	private final LinkedHashMap<Object, Unread> unread = new LinkedHashMap<>();

	private boolean conflating;

	/**
	 * Empty.
	 * @param each how many events are kept before orders are conflated
	 * @param bound how many orders may wait
	 */
	Backlog(int each, int bound) {
		this.each = each;
		this.bound = bound;
	}

	/**
	 * Adds an event.
	 * @param event behind all that were added before
	 * @throws ReaderTooSlow beyond the bound
	 */
	synchronized void add(OrderEvent event) {
		if (!this.conflating && this.unread.size() >= this.each) {
			conflate();
		}
		put(event);
		if (this.unread.size() > this.bound) {
			throw new ReaderTooSlow(this.bound);
		}
	}

	/** Takes the oldest, {@code null} if the reader has everything. */
	synchronized @Nullable Unread poll() {
		Map.Entry<Object, Unread> first = this.unread.pollFirstEntry();
		if (first == null) {
			this.conflating = false;
			return null;
		}
		return first.getValue();
	}

	private void conflate() {
		List<Unread> kept = List.copyOf(this.unread.values());
		this.unread.clear();
		this.conflating = true;
		kept.forEach((one) -> put(one.event()));
	}

	private void put(OrderEvent event) {
		Object key = this.conflating ? event.orderId() : event.place();
		Unread earlier = this.unread.remove(key);
		this.unread.put(key, new Unread(event, (earlier != null) ? earlier.event().place() : Place.START));
	}

	/**
	 * An event to be told.
	 *
	 * @param event the latest of its order
	 * @param instead the place of the last event that is left out for it
	 */
	record Unread(OrderEvent event, Place instead) {

		/** Whether a reader at a place misses an event of the order. */
		boolean skipsAfter(Place seen) {
			return this.instead.isAfter(seen);
		}

	}

}
