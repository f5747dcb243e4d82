package dz.flexy.gateway.signal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

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

	private final Map<String, Topic> topics = new ConcurrentHashMap<>();

	/**
	 * Wakes all who wait on a topic in this process. Never fails and never waits: a
	 * wake-up that comes while another is being handed on is handed on after it, by
	 * whoever does that.
	 * @param topic a module's own name for what changed
	 */
	public void raise(String topic) {
		topic(topic).raise();
	}

	/**
	 * The wake-ups of a topic from now on. A slow subscriber misses some, never blocks
	 * others.
	 * @param topic as raised
	 * @return never completes, never fails; cancelling stops it
	 */
	public Flux<String> on(String topic) {
		return topic(topic).sink.asFlux().onBackpressureLatest();
	}

	private Topic topic(String topic) {
		return this.topics.computeIfAbsent(topic, Topic::new);
	}

	private static final class Topic {

		private final String name;

		private final Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();

		private final AtomicInteger raised = new AtomicInteger();

		Topic(String name) {
			this.name = name;
		}

		void raise() {
			int seen = 1;
			if (this.raised.getAndIncrement() == 0) {
				do {
					this.sink.tryEmitNext(this.name);
					seen = this.raised.addAndGet(-seen);
				}
				while (seen > 0);
			}
		}

	}

}
