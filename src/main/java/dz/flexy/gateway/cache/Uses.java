package dz.flexy.gateway.cache;

import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * What a cache was asked for.
 *
 * @param hit remembered
 * @param stale remembered, and read anew behind it
 * @param shared another asker's reading was waited for
 * @param read read for this asker
 */
record Uses(LongAdder hit, LongAdder stale, LongAdder shared, LongAdder read) {

	Uses() {
		this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
	}

	void bindTo(MeterRegistry meters, String name) {
		CacheMeter.REQUESTS.counter(meters, this.hit, "cache", name, "result", "hit");
		CacheMeter.REQUESTS.counter(meters, this.stale, "cache", name, "result", "stale");
		CacheMeter.REQUESTS.counter(meters, this.shared, "cache", name, "result", "shared");
		CacheMeter.REQUESTS.counter(meters, this.read, "cache", name, "result", "read");
	}

}
