package dz.flexy.gateway.polling;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Looks at orders and emits those that did not change, also where the look failed: one
 * that cannot be followed must not keep the others from being followed. A call that was
 * not made is no look.
 */
@Component
class Look {

	/** So many of a step are read alone, and moved at once, at most. */
	static final int MOST_READS = 8;

	/** An older order is looked at less often. */
	private static final Duration YOUNG = Duration.ofMinutes(2);

	private static final Logger log = LoggerFactory.getLogger(Look.class);

	private final Orders orders;

	private final Upstream upstream;

	private final Sightings sightings;

	Look(Orders orders, Upstream upstream, Sightings sightings) {
		this.orders = orders;
		this.upstream = upstream;
		this.sightings = sightings;
	}

	/** Reads may lag behind its send, so a 404 says nothing of it. */
	static boolean isYoung(Order order) {
		return ListPages.sentAt(order).plus(YOUNG).isAfter(order.readAt());
	}

	/** The order as a list shows it. */
	Mono<Order> listed(Pass pass, Order order, Topup row) {
		return unchanged(pass, order, (one) -> this.sightings.listed(one, row, pass.token()).hasElement());
	}

	/** Each by a call of its own. */
	Flux<Order> byId(Pass pass, Iterable<Order> orders) {
		return byId(pass, pass.call(), orders, (order) -> !isYoung(order));
	}

	/**
	 * The same for orders whose delivery a list has shown without the card: it is what
	 * callers wait for, and what a list shows is not forgotten.
	 */
	Flux<Order> cards(Pass pass, Iterable<Order> orders) {
		return byId(pass, Call.settle(pass.call().account()), orders, (order) -> false);
	}

	/**
	 * Believes a 404 of those that may be forgotten only.
	 */
	private Flux<Order> byId(Pass pass, Call call, Iterable<Order> orders, Predicate<Order> forgettable) {
		return Flux.fromIterable(orders)
			.flatMap((order) -> unchanged(pass, order, (one) -> byId(pass, call, one, forgettable.test(one))),
					MOST_READS);
	}

	private Mono<Boolean> byId(Pass pass, Call call, Order order, boolean forgettable) {
		String id = order.upstreamId();
		return (id == null) ? Mono.just(false)
				: this.upstream.topup(call, order.family(), id).flatMap((outcome) -> switch (outcome) {
					case Outcome.Success<Topup> success ->
						this.sightings.seen(order, success.value(), pass.token()).hasElement();
					case Outcome.Refused<Topup> refused when forgettable && refused.refusal().is(ErrorCode.NOT_FOUND) ->
						this.orders
							.apply(order,
									Change.note()
										.flag("upstream no longer knows its id")
										.dueIn(Duration.ofHours(1))
										.fencedBy(pass.token()))
							.hasElement();
					case Outcome.NotSent<Topup> notSent -> {
						pass.unasked().incrementAndGet();
						yield Mono.empty();
					}
					default -> Mono.just(false);
				});
	}

	/**
	 * @param look emits whether the order changed; empty if none could be made
	 */
	private static Mono<Order> unchanged(Pass pass, Order order, Function<Order, Mono<Boolean>> look) {
		return Mono.defer(() -> look.apply(order))
			.doOnNext((changed) -> pass.changed().addAndGet(changed ? 1 : 0))
			.filter((changed) -> !changed)
			.map((same) -> order)
			.onErrorResume((failure) -> {
				log.warn("order {} cannot be followed now: {}", order.id(), failure.toString());
				return Mono.just(order);
			});
	}

}
