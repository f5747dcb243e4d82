package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.polling.ListPages;
import dz.flexy.gateway.polling.Scan;
import dz.flexy.gateway.polling.Sightings;
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
 * Finds out what became of orders whose sending broke off or stayed unclear. List pages
 * come first, because one answers for a hundred orders. Presence counts at once.
 */
@Component
class Settling {

	private static final int PARALLEL = 4;

	private static final Duration OLD = Duration.ofMinutes(10);

	private static final Logger log = LoggerFactory.getLogger(Settling.class);

	private final Orders orders;

	private final Accounts accounts;

	private final Upstream upstream;

	private final ListPages pages;

	private final Sightings sightings;

	private final Absence absence;

	private final Delays delays;

	private final GiftCardSettling giftCards;

	Settling(Orders orders, Accounts accounts, Upstream upstream, ListPages pages, Sightings sightings, Absence absence,
			Delays delays, GiftCardSettling giftCards) {
		this.orders = orders;
		this.accounts = accounts;
		this.upstream = upstream;
		this.pages = pages;
		this.sightings = sightings;
		this.absence = absence;
		this.delays = delays;
		this.giftCards = giftCards;
	}

	/** Completes when each was looked at once. */
	Mono<Void> settle(Account account, List<Order> claimed) {
		return Flux.fromIterable(claimed)
			.concatMap((order) -> alone(order, this::unknown))
			.collectList()
			.flatMapIterable((orders) -> orders.stream().collect(Collectors.groupingBy(Window::of)).values())
			.flatMap((orders) -> look(account, orders))
			.then();
	}

	/**
	 * Looks once more for an order with a ref, before an operator may have it sent again.
	 * What is found is settled.
	 * @param order in {@code SEND_UNKNOWN}
	 */
	Mono<Finding> find(Order order) {
		Account account = this.accounts.get(order.account());
		return this.pages.byRef(Call.settle(account), order.family(), List.of(order)).flatMap((scan) -> {
			Topup row = scan.found().get(order);
			return (row != null) ? found(order, row, true).thenReturn(Finding.PRESENT)
					: find(account, order, scan.complete());
		});
	}

	private Mono<Finding> find(Account account, Order order, boolean provesAbsence) {
		return this.upstream.topupByRef(Call.settle(account), order.family(), order.upstreamRef())
			.flatMap((outcome) -> switch (outcome) {
				case Outcome.Success<Topup> success -> found(order, success.value(), false).thenReturn(Finding.PRESENT);
				case Outcome.Refused<Topup> refused when provesAbsence && refused.refusal().is(ErrorCode.NOT_FOUND) ->
					Mono.just(Finding.ABSENT);
				default -> Mono.just(Finding.UNCLEAR);
			});
	}

	/** Whoever was sending it is gone. */
	private Mono<Order> unknown(Order order) {
		return (order.state() == OrderState.SENDING)
				? this.orders.apply(order,
						Change.to(OrderState.SEND_UNKNOWN).reason("sending broke off").dueIn(SettleLoop.CLAIM))
				: Mono.just(order);
	}

	private Mono<Void> look(Account account, List<Order> orders) {
		if (orders.getFirst().family() == Family.GIFT_CARD) {
			return Flux.fromIterable(orders).concatMap((order) -> alone(order, this.giftCards::settle)).then();
		}
		Map<Boolean, List<Order>> missed = orders.stream()
			.collect(Collectors.partitioningBy((order) -> order.sending().absences() > 0));
		return Flux
			.merge(listed(account, missed.getOrDefault(false, List.of())),
					each(missed.getOrDefault(true, List.of()), (order) -> lookUp(order, this.absence.counts(order))))
			.then();
	}

	/**
	 * One complete list without it is enough; missed there, an order is asked for alone.
	 */
	private Flux<Order> listed(Account account, List<Order> orders) {
		return orders.isEmpty() ? Flux.empty()
				: this.pages.byRef(Call.settle(account), orders.getFirst().family(), orders)
					.flatMapMany((scan) -> each(orders, (order) -> settle(order, scan)));
	}

	private static Flux<Order> each(List<Order> orders, Function<Order, Mono<Order>> work) {
		return Flux.fromIterable(orders).flatMap((order) -> alone(order, work), PARALLEL);
	}

	/** One that cannot be settled must not keep the others of its batch unsettled. */
	private static Mono<Order> alone(Order order, Function<Order, Mono<Order>> work) {
		return Mono.defer(() -> work.apply(order)).onErrorResume((failure) -> {
			log.warn("order {} cannot be settled now: {}", order.id(), failure.toString());
			return Mono.empty();
		});
	}

	private Mono<Order> settle(Order order, Scan scan) {
		Topup row = scan.found().get(order);
		if (row != null) {
			return found(order, row, true);
		}
		boolean absenceCounts = this.absence.counts(order);
		return (absenceCounts || order.sending().arrived()) ? lookUp(order, absenceCounts && scan.complete())
				: this.absence.later(order);
	}

	/**
	 * A list that cannot be read, or whose rows lack the ref, must not hide what the
	 * upstream shows by its ref; only a complete one helps to prove absence.
	 */
	private Mono<Order> lookUp(Order order, boolean provesAbsence) {
		Call call = Call.settle(this.accounts.get(order.account()));
		return this.upstream.topupByRef(call, order.family(), order.upstreamRef())
			.flatMap((outcome) -> switch (outcome) {
				case Outcome.Success<Topup> success -> found(order, success.value(), false);
				case Outcome.Refused<Topup> refused when provesAbsence && refused.refusal().is(ErrorCode.NOT_FOUND) ->
					this.absence.seen(order);
				default -> this.absence.later(order);
			});
	}

	/** Our ref is proof of arrival, but only of what was ordered under it. */
	Mono<Order> found(Order order, Topup topup, boolean listed) {
		return this.delays.found(order).then(Mono.defer(() -> adopted(order, topup, listed)));
	}

	private Mono<Order> adopted(Order order, Topup topup, boolean listed) {
		if (listed && (topup.product() == null || topup.number() == null || topup.value() == null)) {
			return arrived(order).flatMap((known) -> lookUp(known, false));
		}
		if (!Likeness.mayBe(order, topup)) {
			return this.orders.apply(order,
					Change.note()
						.upstreamId(topup.id())
						.arrived()
						.flag("the upstream has another order under its ref")
						.dueIn(Duration.ofHours(1)));
		}
		return listed ? this.sightings.listed(order, topup) : this.sightings.seen(order, topup);
	}

	private Mono<Order> arrived(Order order) {
		return order.sending().arrived() ? Mono.just(order)
				: this.orders.apply(order, Change.note().arrived().dueIn(SettleLoop.CLAIM));
	}

	static Instant sentBy(Order order) {
		return Objects.requireNonNull(order.sending().by());
	}

	/** What one complete look shows of an order. */
	enum Finding {

		/** It is not there. */
		ABSENT,
		/** It is. */
		PRESENT,
		/** That cannot be read. */
		UNCLEAR

	}

	/**
	 * Orders whose list pages are read together: one that is open for long would stretch
	 * the pages of all others beyond what can be read.
	 */
	private record Window(Family family, boolean old) {

		static Window of(Order order) {
			return new Window(order.family(), order.acceptedAt().plus(OLD).isBefore(order.readAt()));
		}

	}

}
