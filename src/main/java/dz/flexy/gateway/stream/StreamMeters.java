package dz.flexy.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/**
 * Meters: {@code gateway.stream.events} for events told to readers,
 * {@code gateway.stream.conflated} for those told in place of earlier ones, and
 * {@code gateway.stream.cut} by {@code reason}: {@code unread} (takes nothing),
 * {@code behind} (more orders wait than are kept), {@code farewell} (did not take the
 * farewell of a gateway that stops, or of an authority that ended).
 */
@Component
class StreamMeters {

	private final Counter events;

	private final Counter conflated;

	private final Counter unread;

	private final Counter behind;

	private final Counter farewell;

	StreamMeters(MeterRegistry meters) {
		this.events = meters.counter("gateway.stream.events");
		this.conflated = meters.counter("gateway.stream.conflated");
		this.unread = cut(meters, "unread");
		this.behind = cut(meters, "behind");
		this.farewell = cut(meters, "farewell");
	}

	private static Counter cut(MeterRegistry meters, String reason) {
		return meters.counter("gateway.stream.cut", "reason", reason);
	}

	void told(Frame frame) {
		if (frame.isEvent()) {
			this.events.increment();
		}
	}

	void conflated() {
		this.conflated.increment();
	}

	void unread() {
		this.unread.increment();
	}

	void behind() {
		this.behind.increment();
	}

	void farewell() {
		this.farewell.increment();
	}

}
