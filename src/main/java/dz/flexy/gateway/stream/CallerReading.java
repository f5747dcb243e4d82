package dz.flexy.gateway.stream;

import java.util.List;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderEvent.Place;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One reader's progress through a caller's events. Used by one thread at a time, except
 * for {@link #heard}.
 */
final class CallerReading {

	/** A replay reads this many events at once; more would hold a connection for long. */
	private static final int BATCH = 200;

	private static final int LARGEST_SNAPSHOT = 1000;

	private static final int KEPT_EACH = 256;

	private static final int KEPT_ORDERS = 10_000;

	private final CallerId caller;

	private final EventStore log;

	private final Frames frames;

	private final Backlog backlog = new Backlog(KEPT_EACH, KEPT_ORDERS);

	private Place seen = Place.START;

	private boolean opened;

	CallerReading(CallerId caller, EventStore log, Frames frames) {
		this.caller = caller;
		this.log = log;
		this.frames = frames;
	}

	void heard(OrderEvent event) {
		this.backlog.add(event);
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
		return (position == 0) ? Mono.just(Place.START) : Log.patiently(this.log.place(this.caller, position));
	}

	private Flux<Frame> replay(Place after) {
		this.seen = after;
		return Mono.defer(() -> Log.read(this.log.after(this.caller, this.seen, BATCH)))
			.doOnNext(this::advance)
			.repeat()
			.takeUntil((batch) -> batch.size() < BATCH)
			.concatMapIterable((batch) -> batch, 1)
			.map(this.frames::placed);
	}

	private void advance(List<OrderEvent> batch) {
		if (!batch.isEmpty()) {
			this.seen = batch.getLast().place();
		}
	}

	/** The open orders as they were at the last place that is settled. */
	private Mono<List<OrderEvent>> snapshot() {
		return Log.patiently(this.log.last(this.caller).doOnNext((place) -> this.seen = place))
			.then(Mono.defer(() -> Log.read(this.log.open(this.caller, this.seen, LARGEST_SNAPSHOT))));
	}

	/** The place goes last: a reconnect goes on from it, not from the last open order. */
	private Flux<Frame> present(List<OrderEvent> open) {
		return Flux.fromIterable(open).map(this.frames::placed).concatWith(Mono.fromSupplier(this::place));
	}

	private Frame place() {
		return Frame.place(this.seen.position());
	}

	private Flux<Frame> reset() {
		return snapshot().map((open) -> this.frames.placedReset(this.seen.position(), open)).flux();
	}

	private Flux<Frame> unread() {
		return Flux.<Backlog.Unread>generate((sink) -> {
			Backlog.Unread next = this.backlog.poll();
			if (next != null) {
				sink.next(next);
			}
			else {
				sink.complete();
			}
		}).filter((next) -> next.event().place().isAfter(this.seen)).map(this::told);
	}

	private Frame told(Backlog.Unread unread) {
		boolean skipping = unread.skipsAfter(this.seen);
		this.seen = unread.event().place();
		return skipping ? this.frames.placedSkipping(unread.event()) : this.frames.placed(unread.event());
	}

}
