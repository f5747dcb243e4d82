package dz.flexy.gateway.signal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/**
 * Wakes those who wait for a change in the database. A wake-up carries nothing and may be
 * lost or doubled: the rows are the truth, and every waiter also looks by itself now and
 * then.
 */
@Component
public class Signals {

	private static final Duration LONGEST_CONTENTION = Duration.ofMillis(100);

	private final Map<String, Sinks.Many<String>> topics = new ConcurrentHashMap<>();

	/**
	 * Wakes all who wait on a topic in this process.
	 * @param topic a module's own name for what changed
	 */
	public void raise(String topic) {
		try {
			sink(topic).emitNext(topic, Sinks.EmitFailureHandler.busyLooping(LONGEST_CONTENTION));
		}
		catch (Sinks.EmissionException crowded) {
			// Lost, as it may be; what was committed before it stands.
		}
	}

	/**
	 * The wake-ups of a topic from now on. A slow subscriber misses some, never blocks
	 * others.
	 * @param topic as raised
	 * @return never completes, never fails; cancelling stops it
	 */
	public Flux<String> on(String topic) {
		return sink(topic).asFlux().onBackpressureLatest();
	}

	private Sinks.Many<String> sink(String topic) {
		return this.topics.computeIfAbsent(topic, (name) -> Sinks.many().multicast().directBestEffort());
	}

}
