package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
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

	private final Orders orders;

	private final Accounts accounts;

	private final Upstream upstream;

	private final ListPages pages;

	private final Sightings sightings;

	private final Absence absence;

	Settling(Orders orders, Accounts accounts, Upstream upstream, ListPages pages, Sightings sightings,
			Absence absence) {
		this.orders = orders;
		this.accounts = accounts;
		this.upstream = upstream;
		this.pages = pages;
		this.sightings = sightings;
		this.absence = absence;
	}

	/** Completes when each was looked at once. */
	Mono<Void> settle(Account account, List<Order> claimed) {
		return Flux.fromIterable(claimed)
			.concatMap(this::unknown)
			.collectList()
			.flatMapIterable((orders) -> orders.stream().collect(Collectors.groupingBy(Order::family)).values())
			.concatMap((orders) -> look(account, orders))
			.then();
	}

	/** Whoever was sending it is gone. */
	private Mono<Order> unknown(Order order) {
		return (order.state() == OrderState.SENDING)
				? this.orders.apply(order,
						Change.to(OrderState.SEND_UNKNOWN).reason("sending broke off").dueIn(SettleLoop.CLAIM))
				: Mono.just(order);
	}

	private Mono<Void> look(Account account, List<Order> orders) {
		return this.pages.byRef(Call.settle(account), orders.getFirst().family(), orders)
			.flatMapMany((scan) -> Flux.fromIterable(orders).flatMap((order) -> settle(order, scan), PARALLEL))
			.then();
	}

	private Mono<Order> settle(Order order, Scan scan) {
		Topup row = scan.found().get(order);
		if (row != null) {
			return found(order, row, true);
		}
		return (scan.complete() && this.absence.counts(order)) ? lookUp(order) : this.absence.later(order);
	}

	private Mono<Order> lookUp(Order order) {
		Call call = Call.settle(this.accounts.get(order.account()));
		return this.upstream.topupByRef(call, order.family(), order.upstreamRef())
			.flatMap((outcome) -> switch (outcome) {
				case Outcome.Success<Topup> success -> found(order, success.value(), false);
				case Outcome.Refused<Topup> refused when refused.refusal().is(ErrorCode.NOT_FOUND) ->
					this.absence.seen(order);
				default -> this.absence.later(order);
			});
	}

	/** Our ref is proof of arrival, but only of what was ordered under it. */
	private Mono<Order> found(Order order, Topup topup, boolean listed) {
		if (listed && (topup.product() == null || topup.number() == null || topup.value() == null)) {
			return lookUp(order);
		}
		if (!same(order.item(), topup)) {
			return this.orders.apply(order,
					Change.note()
						.upstreamId(topup.id())
						.flag("the upstream has another order under its ref")
						.dueIn(Duration.ofHours(1)));
		}
		return listed ? this.sightings.listed(order, topup) : this.sightings.seen(order, topup);
	}

	private static boolean same(Item item, Topup topup) {
		return (topup.product() == null || topup.product().equals(item.product()))
				&& (topup.number() == null || topup.number().equals(item.number()))
				&& (topup.value() == null || topup.value().compareTo(item.value()) == 0);
	}

	static Instant sentBy(Order order) {
		return Objects.requireNonNull(order.sending().by());
	}

}
