package dz.flexy.gateway.stream;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.LiveEvents;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.Selection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** Follows what callers see of many orders. */
@Component
class CallerFeed {

	private static final Logger logger = LoggerFactory.getLogger(CallerFeed.class);

	private final LiveEvents live;

	private final EventStore events;

	private final Log log;

	private final Frames frames;

	private final StreamMeters meters;

	CallerFeed(LiveEvents live, EventStore events, Log log, Frames frames, StreamMeters meters) {
		this.live = live;
		this.events = events;
		this.log = log;
		this.frames = frames;
		this.meters = meters;
	}

	/**
	 * The present state or the replay, then what is heard, in the order of places, each
	 * event exactly once unless it is left out for a later one of its order. Nothing is
	 * missed: it listens before it reads, what it hears waits in a backlog, and what the
	 * reading has told already is dropped from it by place. What is not wanted is passed
	 * over, and the reader told now and then how far.
	 * @param wanted which events
	 * @param last what the client has seen
	 * @return completes only for a reader that is too slow; never fails for want of the
	 * database
	 */
	Flux<Frame> follow(Selection wanted, LastEventId last) {
		return Flux.defer(() -> {
			CallerReading reading = new CallerReading(wanted, this.events, this.log, this.frames, this.meters);
			return wakeUps(wanted, reading).concatMap((wakeUp) -> reading.news(last), 1)
				.onErrorComplete(ReaderTooSlow.class);
		});
	}

	/**
	 * The changes that callers do not see, as they are heard: without a place, never
	 * replayed, and in no order with those that are seen.
	 * @param wanted which events
	 * @return never completes if any are wanted, else empty
	 */
	Flux<Frame> states(Selection wanted) {
		return wanted.states()
				? live(wanted).filter(wanted::includesUnseen).map((event) -> this.frames.state(event, wanted.others()))
				: Flux.empty();
	}

	private Flux<Boolean> wakeUps(Selection wanted, CallerReading reading) {
		Flux<Boolean> heard = live(wanted).doOnNext(reading::heard).doOnError(ReaderTooSlow.class, (slow) -> {
			this.meters.behind();
			logger.info("stream of {} cut off: {}", wanted.caller().map(CallerId::value).orElse("everybody"),
					slow.getMessage());
		}).map((event) -> true).onBackpressureLatest();
		return Flux.merge(1, heard, this.live.following().thenReturn(true));
	}

	private Flux<OrderEvent> live(Selection wanted) {
		return wanted.caller().map(this.live::of).orElseGet(this.live::all);
	}

}
