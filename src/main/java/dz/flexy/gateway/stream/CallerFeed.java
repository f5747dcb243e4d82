package dz.flexy.gateway.stream;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.LiveEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** Follows what a caller sees of all his orders. */
@Component
class CallerFeed {

	private static final Logger log = LoggerFactory.getLogger(CallerFeed.class);

	private final LiveEvents live;

	private final EventStore events;

	private final Frames frames;

	CallerFeed(LiveEvents live, EventStore events, Frames frames) {
		this.live = live;
		this.events = events;
		this.frames = frames;
	}

	/**
	 * The present state or the replay, then what is heard, in the order of places, each
	 * event exactly once unless it is left out for a later one of its order. Nothing is
	 * missed: it listens before it reads, what it hears waits in a backlog, and what the
	 * reading has told already is dropped from it by place.
	 * @param caller whose orders
	 * @param last what the client has seen
	 * @return completes only for a reader that is too slow; never fails for want of the
	 * database
	 */
	Flux<Frame> follow(CallerId caller, LastEventId last) {
		return Flux.defer(() -> {
			CallerReading reading = new CallerReading(caller, this.events, this.frames);
			return wakeUps(caller, reading).concatMap((wakeUp) -> reading.news(last), 1)
				.onErrorComplete(ReaderTooSlow.class);
		});
	}

	private Flux<Boolean> wakeUps(CallerId caller, CallerReading reading) {
		Flux<Boolean> heard = this.live.all()
			.filter((event) -> event.number().isPresent() && event.caller().equals(caller))
			.doOnNext(reading::heard)
			.doOnError((slow) -> log.info("stream of caller {} cut off: {}", caller, slow.getMessage()))
			.map((event) -> true)
			.onBackpressureLatest();
		return Flux.merge(1, heard, this.live.following().thenReturn(true));
	}

}
