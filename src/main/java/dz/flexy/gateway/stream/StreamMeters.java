package dz.flexy.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/** Counts what readers are told, and those who are cut off. */
@Component
class StreamMeters {

	private final Counter events;

	private final Counter conflated;

	private final Counter unread;

	private final Counter behind;

	private final Counter farewell;

	StreamMeters(MeterRegistry meters) {
		this.events = StreamMeter.EVENTS.counter(meters);
		this.conflated = StreamMeter.CONFLATED.counter(meters);
		this.unread = cut(meters, "unread");
		this.behind = cut(meters, "behind");
		this.farewell = cut(meters, "farewell");
	}

	private static Counter cut(MeterRegistry meters, String reason) {
		return StreamMeter.CUT.counter(meters, "reason", reason);
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
