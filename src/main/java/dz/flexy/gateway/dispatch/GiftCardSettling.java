package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.polling.ListPages;
import dz.flexy.gateway.polling.Sightings;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Finds out what became of an order of gift cards whose answer was lost. The upstream
 * takes no reference, so all that can be told is which of its orders may be this one;
 * none is ever sent again. As long as that is not fixed, the order holds its lane, and no
 * other of the same product and type is sent: each later one would look the same.
 */
@Component
class GiftCardSettling {

	private static final Duration AGAIN = Duration.ofSeconds(10);

	private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(10);

	/** Nothing more can be found out here. */
	private static final Duration SELDOM = Duration.ofDays(1);

	private static final Logger log = LoggerFactory.getLogger(GiftCardSettling.class);

	private final Orders orders;

	private final Accounts accounts;

	private final ListPages pages;

	private final Sightings sightings;

	private final Duration answered;

	/** An order that the upstream made late is in its list by then. */
	private final Duration wait;

	GiftCardSettling(Orders orders, Accounts accounts, ListPages pages, Sightings sightings, Upstream upstream,
			DispatchProperties properties) {
		this.answered = upstream.longestAnswer();
		this.wait = properties.giftCardWait();
		this.orders = orders;
		this.accounts = accounts;
		this.pages = pages;
		this.sightings = sightings;
	}

	/**
	 * Looks once.
	 * @param order in {@code SEND_UNKNOWN}
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> settle(Order order) {
		if (order.ending().candidates() != null) {
			return this.orders.apply(order, Change.note().dueIn(SELDOM));
		}
		Duration rest = Duration.between(order.readAt(), Settling.sentBy(order).plus(this.wait));
		if (order.refusal().isEmpty() && rest.isPositive()) {
			return this.orders.apply(order, Change.note().dueIn(rest));
		}
		Account account = this.accounts.get(order.account());
		return candidates(order).flatMap((candidates) -> decide(account, order, candidates))
			.switchIfEmpty(Mono.defer(() -> later(order)));
	}

	/** The upstream's orders that may be this one; empty if the list cannot be read. */
	Mono<List<Topup>> candidates(Order order) {
		Account account = this.accounts.get(order.account());
		return this.pages.since(Call.settle(account), order, until(order))
			.flatMap((rows) -> strangers(account, order, rows));
	}

	/**
	 * Fixes the candidates anew, for an operator. None is adopted: orders of the same
	 * lane may have been sent since.
	 * @param order whose candidates are fixed
	 * @return the order as it is now; empty if somebody else changed it
	 */
	Mono<Order> fixAnew(Order order, List<Topup> candidates, Move move) {
		return this.orders.apply(order,
				Change.note().candidates(candidates.stream().map(Topup::id).toList()).dueIn(SELDOM).by(move));
	}

	/** What cannot be found out in time must not close the lane for good. */
	private Mono<Order> later(Order order) {
		return isOld(order) ? handOver(order, List.of(), "the answer was lost and the upstream's list cannot be read")
				: this.orders.apply(order, Change.note().dueIn(AGAIN));
	}

	private static boolean isOld(Order order) {
		return order.readAt().isAfter(Settling.sentBy(order).plus(GIVEN_UP_AFTER));
	}

	/** It cannot have been made later. */
	Instant until(Order order) {
		return Settling.sentBy(order).plus(this.answered).plus(this.wait);
	}

	/** Rows that may be this order and are no other's of ours. */
	private Mono<List<Topup>> strangers(Account account, Order order, List<Topup> rows) {
		List<Topup> alike = rows.stream().filter((row) -> mayBe(order, row)).toList();
		Mono<Set<String>> known = alike.isEmpty() ? Mono.just(Set.of())
				: this.orders.known(account.id(), alike.stream().map(Topup::id).toList());
		return known.map((ours) -> alike.stream().filter((row) -> !ours.contains(row.id())).toList());
	}

	private Mono<Order> decide(Account account, Order order, List<Topup> candidates) {
		if (candidates.isEmpty() && order.refusal().isPresent()) {
			return this.orders.reject(order, order.refusal().get());
		}
		boolean adopted = candidates.size() == 1 && account.exclusive() && order.sending().count() == 1
				&& isCertain(order, candidates.getFirst());
		return adopted
				? this.sightings.listed(order, candidates.getFirst())
					.switchIfEmpty(Mono.defer(() -> isOld(order)
							? handOver(order, candidates,
									"the answer was lost, and the order that it must be cannot be read")
							: this.orders.apply(order, Change.note().dueIn(AGAIN))))
				: handOver(order, candidates,
						"the answer was lost; " + candidates.size() + " of the upstream's orders may be this one");
	}

	private Mono<Order> handOver(Order order, List<Topup> candidates, String why) {
		log.warn("gift card order {} is the operator's: {}", order.id(), why);
		return this.orders.apply(order,
				Change.note().candidates(candidates.stream().map(Topup::id).toList()).flag(why).dueIn(SELDOM));
	}

	/** What a row does not show may be equal. */
	boolean mayBe(Order order, Topup row) {
		Item.GiftCards item = item(order);
		Filling filling = row.filling().orElseThrow();
		Instant earliest = ListPages.earliest(order);
		return (row.product() == null || row.product().equals(item.product()))
				&& (filling.type() == null || filling.type().equals(item.type()))
				&& (filling.quantity() == null || filling.quantity() == item.quantity())
				&& (filling.time() == null || (!filling.time().isBefore(earliest)
						&& !filling.time().isAfter(ListPages.latest(until(order)))));
	}

	/** Nothing is left to guess. */
	boolean isCertain(Order order, Topup row) {
		Filling filling = row.filling().orElseThrow();
		return mayBe(order, row) && row.product() != null && filling.type() != null && filling.quantity() != null
				&& filling.time() != null;
	}

	private static Item.GiftCards item(Order order) {
		if (order.item() instanceof Item.GiftCards cards) {
			return cards;
		}
		throw new IllegalStateException("order " + order.id() + " is not one of gift cards");
	}

}
