package dz.flexy.gateway.orders;

import java.util.EnumSet;
import java.util.Set;

import dz.flexy.gateway.account.Family;

/** Where an order stands, and where it may go. */
public enum OrderState {

	/** Committed, nothing sent; the only state that can be cancelled. */
	ACCEPTED,
	/** About to be sent, or being sent. */
	SENDING,
	/** The answer was lost or unclear; it is being looked up. */
	SEND_UNKNOWN,
	/** Upstream has it, the operator does not yet. */
	PENDING,
	/** The operator has it. */
	HANDLING,
	/** Postponed by hours. */
	QUEUED,
	/** Checked by hand upstream, for hours. */
	UNKNOWN_ERROR,
	/** Delivered, its card with it. */
	FULFILLED,
	/** Delivered in part, the rest refunded. */
	PARTIALLY_FILLED,
	/** Failed upstream and paid back. */
	REFUNDED,
	/** Never bought; no money moved. */
	REJECTED;

	/** Final states of orders that the upstream had. */
	private static final Set<OrderState> BOUGHT = EnumSet.of(FULFILLED, PARTIALLY_FILLED, REFUNDED);

	/** What may follow {@code HANDLING}. */
	private static final Set<OrderState> LATER = EnumSet.of(QUEUED, UNKNOWN_ERROR, FULFILLED, PARTIALLY_FILLED,
			REFUNDED);

	/** The upstream has the order. */
	private static final Set<OrderState> SENT = EnumSet.of(PENDING, HANDLING, QUEUED, UNKNOWN_ERROR, FULFILLED,
			PARTIALLY_FILLED, REFUNDED);

	private static final Set<OrderState> UNSENT = EnumSet.of(ACCEPTED, SENDING, SEND_UNKNOWN);

	/**
	 * Whether nothing more is expected; only a correction may follow.
	 * @return whether
	 */
	public boolean isFinal() {
		return this == REJECTED || BOUGHT.contains(this);
	}

	/** Whether the caller's money came back, or never went. */
	boolean isPaidBack() {
		return this == REFUNDED || this == REJECTED;
	}

	/**
	 * Whether the upstream is not yet known to have the order.
	 * @return whether
	 */
	public boolean isUnsent() {
		return UNSENT.contains(this);
	}

	/** Whether it is not known what became of a send. */
	boolean isUnclear() {
		return this == SENDING || this == SEND_UNKNOWN;
	}

	/**
	 * Whether an order may go from here to there. Backwards it never goes, except from
	 * {@code SENDING} when nothing was sent; from one final state to another only as a
	 * correction.
	 * @param next the state to go to
	 * @return whether
	 */
	public boolean mayBecome(OrderState next) {
		return switch (this) {
			case ACCEPTED -> next == SENDING || next == REJECTED;
			case SENDING -> SENT.contains(next) || next == ACCEPTED || next == SEND_UNKNOWN || next == REJECTED;
			case SEND_UNKNOWN -> SENT.contains(next) || next == SENDING || next == REJECTED;
			case PENDING -> next == HANDLING || LATER.contains(next);
			case HANDLING -> LATER.contains(next);
			case QUEUED, UNKNOWN_ERROR -> next != this && LATER.contains(next);
			case FULFILLED, PARTIALLY_FILLED, REFUNDED, REJECTED -> next != this && BOUGHT.contains(next);
		};
	}

	/**
	 * The status that callers see on {@code /v3} and in streams.
	 * @param family of which product
	 * @return one of the upstream's own words
	 */
	public String status(Family family) {
		return switch (this) {
			case ACCEPTED, SENDING, SEND_UNKNOWN -> (family == Family.MOBILE) ? "PENDING" : "HANDLING";
			case REJECTED -> "REFUNDED";
			default -> name();
		};
	}

}
