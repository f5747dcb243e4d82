package dz.flexy.gateway.stream;

import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.orders.EventStore;
import dz.flexy.gateway.orders.LiveEvents;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Follows what callers see of one order. */
@Component
class OrderFeed {

	private final LiveEvents live;

	private final EventStore events;

	private final Log log;

	OrderFeed(LiveEvents live, EventStore events, Log log) {
		this.live = live;
		this.events = events;
		this.log = log;
	}

	/**
	 * The order's visible events after a number, in order, each exactly once: it listens
	 * before it reads, takes an event only if its number is the next, and reads the log
	 * wherever a number is missing. Completes behind the last event of a final order.
	 */
	Flux<OrderEvent> follow(OrderId order, int after) {
		return Flux.defer(() -> {
			Reading reading = new Reading(order, after);
			return wakeUps(order).concatMap(reading::news, 1)
				.takeUntil(Reading::isEnd)
				.concatMapIterable((news) -> news, 1);
		});
	}

	/** What is heard; and once, empty, a call to read what came before. */
	private Flux<Optional<OrderEvent>> wakeUps(OrderId order) {
		Flux<OrderEvent> heard = this.live.of(order).filter((event) -> event.number().isPresent());
		return Flux.merge(1, heard.map(Optional::of), this.live.following().thenReturn(Optional.empty()));
	}

	/** One subscriber's progress; used by one thread at a time. */
	private final class Reading {

		private final OrderId order;

		private int seen;

		Reading(OrderId order, int seen) {
			this.order = order;
			this.seen = seen;
		}

		Mono<List<OrderEvent>> news(Optional<OrderEvent> heard) {
			int number = heard.flatMap(OrderEvent::number).orElse(Integer.MAX_VALUE);
			if (number <= this.seen) {
				return Mono.empty();
			}
			return ((number == this.seen + 1) ? Mono.just(heard.stream().toList()) : missing()).doOnNext(this::advance);
		}

		private Mono<List<OrderEvent>> missing() {
			return OrderFeed.this.log.read(OrderFeed.this.events.visible(this.order, this.seen));
		}

		private void advance(List<OrderEvent> news) {
			if (!news.isEmpty()) {
				this.seen = news.getLast().number().orElseThrow();
			}
		}

		static boolean isEnd(List<OrderEvent> news) {
			return !news.isEmpty() && news.getLast().state().isFinal();
		}

	}

}
