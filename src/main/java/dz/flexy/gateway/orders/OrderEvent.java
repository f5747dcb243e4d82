package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import org.jspecify.annotations.Nullable;

/**
 * One state change, as logged. Never holds a card code.
 *
 * @param place where it stands in the log
 * @param orderId whose change
 * @param caller whose order
 * @param number counts what callers see, from 1 without gaps; empty if they see nothing
 * @param at when it was committed, by the database's time
 * @param state the gateway's state after it
 * @param previousState and before it
 * @param status what callers see after it
 * @param previousStatus and before it
 * @param correction whether it corrects an earlier final state
 * @param reason why, in a word
 * @param family of which product
 * @param ref the caller's reference
 * @param item what is bought
 * @param cost price in DZD, as far as known
 */
public record OrderEvent(Place place, OrderId orderId, CallerId caller, Optional<Integer> number, Instant at,
		OrderState state, @Nullable OrderState previousState, String status, @Nullable String previousStatus,
		boolean correction, @Nullable String reason, Family family, String ref, Item item, @Nullable BigDecimal cost) {

	/**
	 * The product family's lower-case name, for those who must not know accounts.
	 * @return for example {@code internet}
	 */
	public String familyLabel() {
		return this.family.label();
	}

	/**
	 * A place in the log of all orders. Places are ordered by transaction first: of two
	 * transactions the one that began to write later may take the lower position.
	 *
	 * @param xid the writing transaction
	 * @param position the row's own number, unique
	 */
	public record Place(long xid, long position) implements Comparable<Place> {

		/** Before every event. */
		public static final Place START = new Place(0, 0);

		@Override
		public int compareTo(Place other) {
			int byTransaction = Long.compare(this.xid, other.xid);
			return (byTransaction != 0) ? byTransaction : Long.compare(this.position, other.position);
		}

		/**
		 * Whether it stands behind another.
		 * @param other to compare with
		 * @return false for the same place
		 */
		public boolean isAfter(Place other) {
			return compareTo(other) > 0;
		}

	}

}
