package dz.flexy.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it. Thread-safe.
 */
public final class SettableClock extends Clock {

	private final AtomicReference<Instant> now;

	public SettableClock() {
		this(Instant.parse("2026-01-15T10:00:00Z"));
	}

	public SettableClock(Instant start) {
		this.now = new AtomicReference<>(start);
	}

	/** Moves the clock forward, or back for a negative step, and returns the new time. */
	public Instant advance(Duration step) {
		return this.now.updateAndGet((instant) -> instant.plus(step));
	}

	public void set(Instant instant) {
		this.now.set(instant);
	}

	@Override
	public Instant instant() {
		return this.now.get();
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	/** The same clock: this one knows UTC only. */
	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
