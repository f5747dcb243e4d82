package dz.flexy.gateway.signal;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/**
 * Wakes those who wait for a change in the database, in this process at once and in the
 * other replicas by {@link NotifyLoop}. A wake-up carries nothing and may be lost or
 * doubled: the rows are the truth, and every waiter also looks by itself at least once a
 * second.
 */
@Component
public class Signals {

	private final Map<String, Topic> topics = new ConcurrentHashMap<>();

	private final Topic outgoing = new Topic("outgoing");

	private final Set<String> untold = ConcurrentHashMap.newKeySet();

	/**
	 * Wakes all who wait on a topic, in this process before it returns. Never fails and
	 * never waits, whatever the database does: a wake-up that comes while another is
	 * being handed on is handed on after it, by whoever does that. To be called after the
	 * commit that it tells of, never within a transaction.
	 * @param topic a module's own name for what changed, at most 50 characters
	 */
	public void raise(String topic) {
		topic(topic).raise();
		untold(Set.of(topic));
	}

	/**
	 * The wake-ups of a topic from now on, from whichever replica. A slow subscriber
	 * misses some, never blocks others.
	 * @param topic as raised
	 * @return never completes, never fails; cancelling stops it
	 */
	public Flux<String> on(String topic) {
		return Flux.defer(() -> {
			Topic heard = topic(topic);
			Mono<String> announced = Mono.fromRunnable(() -> announce(heard));
			return Flux.merge(1, heard.sink.asFlux().onBackpressureLatest(), announced);
		});
	}

	/** Once the listener is there: it may be answered before this returns. */
	private void announce(Topic topic) {
		if (!topic.heard) {
			topic.heard = true;
			this.outgoing.raise();
		}
	}

	/** Wakes all who wait on a topic in this process, and nobody else. */
	void wake(String topic) {
		topic(topic).raise();
	}

	/** Says that {@link #heard()} or {@link #takeUntold()} may have more. */
	Flux<?> outgoing() {
		return this.outgoing.sink.asFlux();
	}

	/** Topics on which somebody in this process waits, or once did. */
	Set<String> heard() {
		return this.topics.values()
			.stream()
			.filter((topic) -> topic.heard)
			.map((topic) -> topic.name)
			.collect(Collectors.toSet());
	}

	/** Topics raised since the last time, for the other replicas; each once. */
	Set<String> takeUntold() {
		Set<String> taken = Set.copyOf(this.untold);
		this.untold.removeAll(taken);
		return taken;
	}

	/** Has topics told to the other replicas, or told anew because that failed. */
	void untold(Set<String> topics) {
		this.untold.addAll(topics);
		this.outgoing.raise();
	}

	private Topic topic(String topic) {
		return this.topics.computeIfAbsent(topic, Topic::new);
	}

	private static final class Topic {

		private final String name;

		private final Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();

		private final AtomicInteger raised = new AtomicInteger();

		private volatile boolean heard;

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
