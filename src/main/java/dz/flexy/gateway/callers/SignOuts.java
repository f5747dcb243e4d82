package dz.flexy.gateway.callers;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.stereotype.Component;

/**
 * Ends what goes on under a session of the board when that is signed out, here at once
 * and on the other replicas once they have looked. Only sessions under which something
 * goes on are looked at. A session of one order cannot be signed out.
 */
@Component
class SignOuts {

	/** Raised after each sign-out. */
	static final String TOPIC = "callers.signed-out";

	private static final int BATCH = 500;

	private final TicketStore store;

	private final Map<String, Watch> watched = new ConcurrentHashMap<>();

	SignOuts(TicketStore store) {
		this.store = store;
	}

	/** Completes when the session is signed out; watched only while subscribed. */
	Mono<Void> of(String session) {
		return Mono.defer(() -> {
			Watch watch = this.watched.compute(session, (id, present) -> Watch.more(present));
			return watch.signedOut.asMono()
				.doFinally((end) -> this.watched.computeIfPresent(session, (id, present) -> present.less()));
		});
	}

	/** Of this session, in this replica. */
	void signedOut(String session) {
		Watch watch = this.watched.get(session);
		if (watch != null) {
			watch.signedOut.tryEmitEmpty();
		}
	}

	/** Ends what the rows no longer allow. */
	Mono<Void> look() {
		return Flux.defer(() -> Flux.fromIterable(List.copyOf(this.watched.keySet())))
			.buffer(BATCH)
			.concatMap((some) -> this.store.sessions(some)
				.map(Ticket::session)
				.collect(Collectors.toSet())
				.doOnNext((alive) -> without(some, alive).forEach(this::signedOut)), 0)
			.then();
	}

	int watched() {
		return this.watched.size();
	}

	private static Set<String> without(List<String> all, Set<String> alive) {
		Set<String> gone = new HashSet<>(all);
		gone.removeAll(alive);
		return gone;
	}

	/** What several streams of one session wait for. */
	private record Watch(Sinks.Empty<Void> signedOut, int watchers) {

		static Watch more(@Nullable Watch present) {
			return (present != null) ? new Watch(present.signedOut, present.watchers + 1) : new Watch(Sinks.empty(), 1);
		}

		@Nullable Watch less() {
			return (this.watchers > 1) ? new Watch(this.signedOut, this.watchers - 1) : null;
		}

	}

}
