package dz.flexy.gateway.polling;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Card;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.DeliveredCard;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Turns what the upstream shows of an order into moves of the ledger. A status that the
 * order cannot take, for example one that goes backwards, changes nothing.
 */
@Component
public class Sightings {

	/** After so many reads without a code the order is delivered without it. */
	private static final int LAST_CARD_READ = 3;

	private final Orders orders;

	private final Upstream upstream;

	private final Accounts accounts;

	private final PollingProperties properties;

	Sightings(Orders orders, Upstream upstream, Accounts accounts, PollingProperties properties) {
		this.orders = orders;
		this.upstream = upstream;
		this.accounts = accounts;
		this.properties = properties;
	}

	/**
	 * The order was seen in a list, whose rows may lack the card.
	 * @param order as read from the ledger
	 * @param row as listed
	 * @return the order if it changed; empty if not
	 */
	public Mono<Order> listed(Order order, Topup row) {
		return listed(order, row, UnaryOperator.identity());
	}

	/** The same under a lease: a stale holder changes nothing. */
	Mono<Order> listed(Order order, Topup row, long token) {
		return listed(order, row, (change) -> change.fencedBy(token));
	}

	private Mono<Order> listed(Order order, Topup row, UnaryOperator<Change> mark) {
		return !tellsAll(order.family(), row) ? readAlone(order, row.id(), mark) : seen(order, row, mark);
	}

	/**
	 * The order was read by itself.
	 * @param order as read from the ledger
	 * @param topup as read
	 * @return the order if it changed; empty if not
	 */
	public Mono<Order> seen(Order order, Topup topup) {
		return seen(order, topup, UnaryOperator.identity());
	}

	/** The same under a lease: a stale holder changes nothing. */
	Mono<Order> seen(Order order, Topup topup, long token) {
		return seen(order, topup, (change) -> change.fencedBy(token));
	}

	/**
	 * Whether an order may take the status that one of the upstream's has, or has it.
	 * @param order as read from the ledger
	 * @param topup as read
	 * @return whether {@link #adopt} may be called
	 */
	public static boolean mayAdopt(Order order, Topup topup) {
		OrderState next = next(order.family(), topup);
		return order.state() == next || order.state().mayBecome(next);
	}

	/**
	 * The order takes id and status of one of the upstream's, on an operator's word, in
	 * one commit.
	 * @param order as read from the ledger
	 * @param topup as read by its id
	 * @param move what the operator does, written down with it
	 * @return the order as it is now; empty if somebody else changed it. Fails with a
	 * duplicate key if another order of ours has taken the same one
	 */
	public Mono<Order> adopt(Order order, Topup topup, Move move) {
		UnaryOperator<Change> mark = (change) -> change.adopted(topup.id()).by(move);
		return (order.state() == next(order.family(), topup)) ? same(order, topup, mark.apply(told(topup)))
				: seen(order, topup, mark);
	}

	/** A card that was missing when it was delivered may be shown by now. */
	private Mono<Order> same(Order order, Topup topup, Change change) {
		boolean late = order.state().isFinal() && order.flag() != null && topup.showsAllCards();
		return late ? topup.card()
			.map((shown) -> this.orders.complete(order, card(shown), change.unflagged()))
			.orElseGet(() -> this.orders.apply(order, change)) : this.orders.apply(order, change);
	}

	private static Card card(DeliveredCard shown) {
		return new Card(shown.code(), shown.transaction(), shown.processedAt());
	}

	private Mono<Order> seen(Order order, Topup topup, UnaryOperator<Change> mark) {
		Optional<OrderState> delivered = delivered(topup).filter(order.state()::mayBecome);
		return delivered.isPresent() ? deliver(order, topup, delivered.get(), mark) : move(order, topup, mark);
	}

	/** Whether a row of a list need not be read alone for its card. */
	static boolean tellsAll(Family family, Topup row) {
		return delivered(row).isEmpty() || row.showsAllCards() || !hasCards(family);
	}

	/** Mobile top-ups go to the line. */
	private static boolean hasCards(Family family) {
		return family != Family.MOBILE;
	}

	private Mono<Order> readAlone(Order order, String id, UnaryOperator<Change> mark) {
		Call call = Call.settle(this.accounts.get(order.account()));
		return this.upstream.topup(call, order.family(), id)
			.flatMap((outcome) -> (outcome instanceof Outcome.Success<Topup> success)
					? seen(order, success.value(), mark) : Mono.empty());
	}

	private Mono<Order> deliver(Order order, Topup topup, OrderState state, UnaryOperator<Change> mark) {
		Optional<Card> card = topup.card().map(Sightings::card);
		boolean lacking = !topup.showsAllCards() && hasCards(order.family());
		if (lacking && !order.state().isFinal() && order.cardReads() + 1 < LAST_CARD_READ) {
			return awaitCard(order, topup, mark);
		}
		Change change = mark.apply(told(topup));
		return this.orders.deliver(order, state, card,
				lacking ? change
					.flag(card.isEmpty() ? "delivered without a card code" : "delivered, but not all cards are shown")
						: change);
	}

	/**
	 * Callers read the code once, at the first FULFILLED, so they see HANDLING until it
	 * is there.
	 */
	private Mono<Order> awaitCard(Order order, Topup topup, UnaryOperator<Change> mark) {
		Change change = order.state().isUnsent() ? Change.to(OrderState.HANDLING) : Change.note();
		return this.orders.apply(order, mark
			.apply(change.upstreamId(topup.id()).cardReads(order.cardReads() + 1).dueIn(this.properties.cardWait())));
	}

	private Mono<Order> move(Order order, Topup topup, UnaryOperator<Change> mark) {
		OrderState next = next(order.family(), topup);
		if (!order.state().mayBecome(next)) {
			return Mono.empty();
		}
		return this.orders.apply(order, mark
			.apply(told(topup).as(next).reason(topup.refundMessage()).suggestedOffers(topup.suggestedOffers())));
	}

	/**
	 * What the upstream charged is the price; a refund makes it 0, but the price stays.
	 */
	private static Change told(Topup topup) {
		Change change = Change.note().upstreamId(topup.id());
		BigDecimal charged = topup.charged();
		Optional<Filling> filling = topup.filling();
		boolean settled = filling.isPresent() && delivered(topup).isPresent();
		if (charged != null && (settled || charged.signum() > 0)) {
			change = change.cost(charged);
		}
		return filling.isPresent() ? change.filled(filling.get().fulfilled(), filling.get().price()) : change;
	}

	private static Optional<OrderState> delivered(Topup topup) {
		return switch (topup.status()) {
			case FULFILLED -> Optional.of(OrderState.FULFILLED);
			case PARTIALLY_FILLED -> Optional.of(OrderState.PARTIALLY_FILLED);
			default -> Optional.empty();
		};
	}

	/**
	 * Only mobile documents {@code PENDING}; an unknown status is in progress (contract
	 * section 11, row 17).
	 */
	private static OrderState next(Family family, Topup topup) {
		return switch (topup.status()) {
			case PENDING -> (family == Family.MOBILE) ? OrderState.PENDING : OrderState.HANDLING;
			case HANDLING, OTHER -> OrderState.HANDLING;
			case QUEUED -> OrderState.QUEUED;
			case UNKNOWN_ERROR -> OrderState.UNKNOWN_ERROR;
			case REFUNDED -> OrderState.REFUNDED;
			case FULFILLED -> OrderState.FULFILLED;
			case PARTIALLY_FILLED -> OrderState.PARTIALLY_FILLED;
		};
	}

}
