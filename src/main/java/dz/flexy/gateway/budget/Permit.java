package dz.flexy.gateway.budget;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The right to make one upstream call, for a second from when it was asked for or last
 * renewed. Whoever holds it says when the call begins and when it is over, however that
 * comes.
 */
public final class Permit implements AutoCloseable {

	/** What became of it. */
	enum State {

		/** Nothing yet. */
		GRANTED,
		/** The call has begun. */
		USED,
		/** Nothing was sent with it. */
		UNUSED,
		/** The call is over. */
		FINISHED

	}

	/** However often it is renewed before its call begins. */
	private static final long LONGEST_LIFE = TimeUnit.SECONDS.toNanos(5);

	private final LongSupplier nanoTime;

	private final long grantedAt;

	private long validUntil;

	private final Consumer<Permit> over;

	private State state = State.GRANTED;

	private boolean answered;

	private long charge;

	private long chargedAt;

	/**
	 * A permit that was just granted.
	 * @param charge what the shared row has it charged as
	 * @param validUntil on the monotonic clock, in nanoseconds
	 * @param nanoTime that clock
	 * @param over told once that it is over
	 */
	Permit(long charge, long validUntil, LongSupplier nanoTime, Consumer<Permit> over) {
		this.charge = charge;
		this.validUntil = validUntil;
		this.nanoTime = nanoTime;
		this.grantedAt = nanoTime.getAsLong();
		this.chargedAt = this.grantedAt;
		this.over = over;
	}

	/**
	 * To be called right before the first byte. A process that was paused in between has
	 * lost the permit.
	 * @return whether the call may be made; if not, nothing may be written
	 */
	public synchronized boolean begin() {
		if (this.state == State.GRANTED && isValid()) {
			this.state = State.USED;
			return true;
		}
		return false;
	}

	/** Whether the call has begun. */
	public synchronized boolean hasBegun() {
		return this.state == State.USED;
	}

	/** The upstream has answered, so it has counted the call. */
	public synchronized void answered() {
		this.answered = true;
	}

	/**
	 * Nothing was written to the upstream after all: the permit goes back. Only before
	 * {@link #close()}.
	 */
	public void unused() {
		abandon();
		end(State.USED, State.UNUSED);
	}

	/** The call is over or was never begun. Only the first call counts. */
	@Override
	public void close() {
		abandon();
		end(State.USED, State.FINISHED);
	}

	/** Goes back unless a call has begun with it. */
	void abandon() {
		end(State.GRANTED, State.UNUSED);
	}

	private void end(State from, State to) {
		synchronized (this) {
			if (this.state != from) {
				return;
			}
			this.state = to;
		}
		this.over.accept(this);
	}

	boolean isValid() {
		return isValidFor(0);
	}

	synchronized boolean isValidFor(long nanos) {
		return this.validUntil - this.nanoTime.getAsLong() > nanos;
	}

	/** It holds a little longer, unless its call has kept it waiting for very long. */
	synchronized void renew(long until) {
		this.validUntil = Math.min(until, this.grantedAt + LONGEST_LIFE);
	}

	/** Used without an answer: the upstream may yet count the call. */
	synchronized boolean isUnclear() {
		return this.state == State.FINISHED && !this.answered;
	}

	synchronized boolean wasUsed() {
		return this.state != State.UNUSED;
	}

	synchronized long charge() {
		return this.charge;
	}

	/** Nanoseconds on the monotonic clock. */
	synchronized long chargedAt() {
		return this.chargedAt;
	}

	/** The shared row has it as another charge now; 0 if that is not known. */
	synchronized void charged(long as) {
		this.charge = as;
		this.chargedAt = this.nanoTime.getAsLong();
	}

}
