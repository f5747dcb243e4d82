package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.dispatch.Likeness;
import dz.flexy.gateway.orders.Card;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Carries another end of the upstream's into the ledger: as one more event, marked as a
 * correction, and never a rewrite. What an order cost stays, also if it was paid back.
 */
@Component
class Corrections {

	/**
	 * Callers read a code once: it comes with the state, unless three reads show none.
	 */
	private static final int CARD_READS = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Orders orders;

	private final UpstreamBooks books;

	Corrections(Orders orders, UpstreamBooks books) {
		this.orders = orders;
		this.books = books;
	}

	/**
	 * Our reference proves that it arrived, but only of what was ordered under it. What
	 * was thought not bought is made ours only if it is what was ordered.
	 * @return the fields that differ, without what they hold; empty if it may be
	 * corrected
	 */
	static Set<String> doubts(Order order, Topup topup) {
		return (order.state() != OrderState.REJECTED && topup.id().equals(order.upstreamId())) ? Set.of()
				: Likeness.differences(order, topup).keySet();
	}

	/**
	 * Corrects one order.
	 * @param order as read, final
	 * @param topup as the upstream shows it now
	 * @param end where it ended
	 * @return the order as it is now; empty if somebody else changed it. Fails with
	 * {@link Unread} if its card cannot be read
	 */
	Mono<Order> correct(Pass pass, Order order, Topup topup, OrderState end) {
		Change change = change(order, topup);
		if (end == OrderState.REFUNDED) {
			return this.orders
				.apply(order, change.as(end).reason(topup.refundMessage()).suggestedOffers(topup.suggestedOffers()))
				.timeout(PATIENCE);
		}
		return withCard(pass, order, topup, 1).flatMap((shown) -> {
			Optional<Card> card = shown.card().map((one) -> new Card(one.code(), one.transaction(), one.processedAt()));
			boolean lacking = lacksCard(order, shown);
			return this.orders
				.deliver(order, end, card, lacking ? change.flag("delivered, but not all cards are shown") : change)
				.timeout(PATIENCE);
		});
	}

	private Mono<Topup> withCard(Pass pass, Order order, Topup topup, int reads) {
		if (!lacksCard(order, topup) || reads >= CARD_READS) {
			return Mono.just(topup);
		}
		return Mono.delay(this.books.pause())
			.then(Mono.defer(() -> this.books.order(pass, order.family(), topup.id())))
			.flatMap((shown) -> withCard(pass, order, shown.orElse(topup), reads + 1));
	}

	private static boolean lacksCard(Order order, Topup topup) {
		return order.family() != Family.MOBILE && !topup.showsAllCards();
	}

	private static Change change(Order order, Topup topup) {
		Change change = Change.note();
		if (order.upstreamId() == null) {
			change = change.upstreamId(topup.id());
		}
		BigDecimal charged = topup.charged();
		if (charged != null && charged.signum() > 0) {
			change = change.cost(charged);
		}
		if (topup.filling().isPresent()) {
			Filling filling = topup.filling().get();
			change = change.filled(filling.fulfilled(), filling.price());
		}
		return (order.state() == OrderState.REJECTED) ? change.flag("rejected here, yet bought upstream") : change;
	}

}
