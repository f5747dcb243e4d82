package dz.flexy.gateway.stream;

import java.util.List;

import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderEvent.Place;
import dz.flexy.gateway.orders.Selection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One reader's progress through the events of many orders. Used by one thread at a time,
 * except for {@link #heard}.
 */
final class CallerReading {

	/** A replay reads this many events at once; more would hold a connection for long. */
	private static final int BATCH = 200;

	private static final int LARGEST_SNAPSHOT = 1000;

	private static final int KEPT_EACH = 256;

	private static final int KEPT_ORDERS = 10_000;

	/** A reader is told his place after this many events that he does not want. */
	private static final int UNTOLD = 100;

	private final Selection wanted;

	private final EventStore events;

	private final Log log;

	private final Frames frames;

	private final StreamMeters meters;

	private final Backlog backlog = new Backlog(KEPT_EACH, KEPT_ORDERS);

	private Place seen = Place.START;

	/** Of what the reader was told, or begins behind. */
	private Place told = Place.START;

	private long passedTold;

	private volatile Passed passed = new Passed(Place.START, 0);

	private boolean opened;

	CallerReading(Selection wanted, EventStore events, Log log, Frames frames, StreamMeters meters) {
		this.wanted = wanted;
		this.events = events;
		this.log = log;
		this.frames = frames;
		this.meters = meters;
	}

	/** Called by one thread at a time, with events in the order of their places. */
	void heard(OrderEvent event) {
		if (this.wanted.includes(event)) {
			this.backlog.add(event);
		}
		else {
			this.passed = new Passed(event.place(), this.passed.count() + 1);
		}
	}

	/** What the reader has not been told yet; at first that is in the log. */
	Flux<Frame> news(LastEventId last) {
		return this.opened ? unread() : opening(last).doOnComplete(() -> this.opened = true).concatWith(unread());
	}

	private Flux<Frame> opening(LastEventId last) {
		return switch (last) {
			case LastEventId.None() -> snapshot().flatMapMany(this::present);
			case LastEventId.Seen(long position) ->
				place(position).map(this::replay).defaultIfEmpty(reset()).flatMapMany((frames) -> frames);
			case LastEventId.Unusable() -> reset();
		};
	}

	/** Everything lies after 0, which a caller without events is told as his place. */
	private Mono<Place> place(long position) {
		return (position == 0) ? Mono.just(Place.START)
				: this.log.patiently(this.events.place(this.wanted.caller(), position));
	}

	private Flux<Frame> replay(Place after) {
		this.seen = after;
		this.told = after;
		return Mono.defer(() -> this.log.read(this.events.visible(this.wanted.caller(), this.seen, BATCH)))
			.doOnNext(this::advance)
			.repeat()
			.takeUntil((batch) -> batch.size() < BATCH)
			.concatMapIterable((batch) -> batch, 1)
			.filter(this.wanted::includes)
			.map(this::replayed)
			.concatWith(Mono.defer(() -> this.told.equals(this.seen) ? Mono.empty() : Mono.just(place())));
	}

	private Frame replayed(OrderEvent event) {
		this.told = event.place();
		return placed(event);
	}

	private Frame placed(OrderEvent event) {
		return this.frames.placed(event, this.wanted.others());
	}

	private void advance(List<OrderEvent> batch) {
		if (!batch.isEmpty()) {
			this.seen = batch.getLast().place();
		}
	}

	/** The open orders as they were at the last place that is settled. */
	private Mono<List<OrderEvent>> snapshot() {
		return this.log.patiently(this.events.last(this.wanted.caller()).doOnNext((place) -> this.seen = place))
			.then(Mono.defer(() -> this.log.read(this.events.open(this.wanted, this.seen, LARGEST_SNAPSHOT))));
	}

	/** The place goes last: a reconnect goes on from it, not from the last open order. */
	private Flux<Frame> present(List<OrderEvent> open) {
		return Flux.fromIterable(open).map(this::placed).concatWith(Mono.fromSupplier(this::place));
	}

	private Frame place() {
		return Frame.place(this.seen.position());
	}

	private Flux<Frame> reset() {
		return snapshot().map((open) -> this.frames.placedReset(this.seen.position(), open, this.wanted.others()))
			.flux();
	}

	private Flux<Frame> unread() {
		return Flux.generate((sink) -> {
			Frame next = next();
			if (next != null) {
				sink.next(next);
			}
			else {
				sink.complete();
			}
		});
	}

	/** How far is looked at before what is left: all of it lies behind then. */
	private @Nullable Frame next() {
		Passed far = this.passed;
		for (Backlog.Unread next = this.backlog.poll(); next != null; next = this.backlog.poll()) {
			if (next.event().place().isAfter(this.seen)) {
				return told(next);
			}
		}
		if (far.count() < this.passedTold + UNTOLD || !far.place().isAfter(this.seen)) {
			return null;
		}
		this.seen = far.place();
		this.passedTold = far.count();
		return place();
	}

	private Frame told(Backlog.Unread unread) {
		boolean skipping = unread.skipsAfter(this.seen);
		this.seen = unread.event().place();
		if (!skipping) {
			return placed(unread.event());
		}
		this.meters.conflated();
		return this.frames.placedSkipping(unread.event(), this.wanted.others());
	}

	/**
	 * How far events went that are not wanted.
	 *
	 * @param place of the last
	 * @param count since the stream was opened
	 */
	private record Passed(Place place, long count) {
	}

}
