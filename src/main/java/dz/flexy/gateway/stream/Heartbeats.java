package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;

import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/**
 * One timer for the heartbeats of all streams; it runs while there are any. Streams that
 * were opened at different times beat at different times, so that an event never waits
 * for the beats of all.
 */
@Component
class Heartbeats {

	/** A stream beats at one of this many times within a heartbeat. */
	private static final int PHASES = 30;

	private final List<Flux<Long>> phases;

	private volatile long ticks;

	Heartbeats(StreamProperties properties) {
		Duration tick = properties.heartbeat().dividedBy(PHASES);
		Flux<Long> timer = Flux.interval(tick)
			.onBackpressureDrop()
			.doOnSubscribe((begun) -> this.ticks = 0)
			.doOnNext((last) -> this.ticks = last + 1)
			.share();
		this.phases = LongStream.range(0, PHASES)
			.mapToObj((phase) -> timer.filter((last) -> (last + 1) % PHASES == phase).share())
			.toList();
	}

	/**
	 * The beats of a stream that opens now, the first after one heartbeat. A subscriber
	 * must always have demand: one without holds up all others. Whoever joins just as the
	 * last of the others leaves may be told that what they shared is cancelled, and
	 * begins it anew.
	 * @return never completes, never fails
	 */
	Flux<Long> beats() {
		return Flux.defer(() -> this.phases.get((int) (this.ticks % PHASES)))
			.onErrorResume(CancellationException.class, (left) -> beats());
	}

}
