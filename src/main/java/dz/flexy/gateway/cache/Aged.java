package dz.flexy.gateway.cache;

import java.time.Duration;
import java.time.Instant;

/**
 * A value and when its reading began, so that it is never believed newer than it is.
 *
 * @param <V> what was read
 * @param value the value
 * @param readAt when the reading began
 */
public record Aged<V>(V value, Instant readAt) {

	/**
	 * Whether the reading began no longer ago than this.
	 * @param age the greatest age
	 * @param now the present
	 * @return whether it may still be used
	 */
	public boolean within(Duration age, Instant now) {
		return !this.readAt.plus(age).isBefore(now);
	}

}
