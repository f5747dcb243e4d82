package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.polling.Sightings;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * What a person may do with an order that the gateway cannot settle by itself. Each move
 * is fenced by the version that it was judged by: of several at once one is made. Once
 * subscribed it runs to its end; a cancel only stops the waiting. Each fails with 404 for
 * an unknown order, 409 {@code MOVE_REFUSED} where the order does not allow it, and 503
 * where the upstream cannot be asked; then nothing has changed.
 */
@Component
public class Moves {

	/** Sweeps and settling change versions too, so a lost race is run again. */
	private static final int TRIES = 3;

	/** Within the claim. */
	private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);

	private static final Duration SOON = Duration.ofSeconds(5);

	/** What a person asks for is due longer than anything else. */
	private static final Duration BEFORE_ALL_OTHERS = Duration.ofDays(-7);

	private final Orders orders;

	private final Accounts accounts;

	private final SendStops sendStops;

	private final Upstream upstream;

	private final Sightings sightings;

	private final Settling settling;

	private final GiftCardSettling giftCards;

	private final Absence absence;

	private final Delays delays;

	private final Attempt attempt;

	private final boolean hold;

	Moves(Orders orders, Accounts accounts, SendStops sendStops, Upstream upstream, Sightings sightings,
			Settling settling, GiftCardSettling giftCards, Absence absence, Delays delays, Attempt attempt,
			DispatchProperties properties) {
		this.orders = orders;
		this.accounts = accounts;
		this.sendStops = sendStops;
		this.upstream = upstream;
		this.sightings = sightings;
		this.settling = settling;
		this.giftCards = giftCards;
		this.absence = absence;
		this.delays = delays;
		this.attempt = attempt;
		this.hold = properties.hold();
	}

	/**
	 * Has an open order looked at without delay, by settling or the next sweep. Of gift
	 * cards whose candidates are fixed the list is read at once, and they are fixed anew.
	 * @param id which
	 * @param move written down with it
	 * @return the order as it is afterwards
	 */
	public Mono<Order> lookAgain(OrderId id, Move move) {
		return Detached.run(judged(id, (order) -> {
			if (order.state().isFinal() || order.state() == OrderState.ACCEPTED
					|| order.state() == OrderState.SENDING) {
				return Mono.error(refused(order, "there is nothing to look for"));
			}
			return isHandedOver(order) ? reread(order, move)
					: this.orders.apply(order, Change.note().by(move).dueIn(BEFORE_ALL_OTHERS));
		}));
	}

	private Mono<Order> reread(Order order, Move move) {
		return this.giftCards.candidates(order)
			.timeout(LONGEST_LOOK, Mono.empty())
			.switchIfEmpty(Mono.error(() -> cannotBeAsked("the list of that time cannot be read completely now")))
			.flatMap((candidates) -> this.giftCards.fixAnew(order, candidates, move));
	}

	/**
	 * Gives an order the id of one of the upstream's, whose status it takes and follows.
	 * A final order is corrected.
	 * @param id which
	 * @param upstreamId the upstream's
	 * @param move written down with it
	 * @return the order as it is afterwards
	 */
	public Mono<Order> adopt(OrderId id, String upstreamId, Move move) {
		return Detached.run(judged(id, (order) -> {
			String known = order.upstreamId();
			if (order.state() == OrderState.ACCEPTED || order.state() == OrderState.SENDING) {
				return Mono.error(refused(order, "it may still be sent"));
			}
			if (known != null && !known.equals(upstreamId) && order.flag() == null) {
				return Mono.error(refused(order, "its upstream id is known: " + known));
			}
			return read(order, upstreamId).flatMap((topup) -> adopt(order, topup, move));
		}));
	}

	private Mono<Topup> read(Order order, String upstreamId) {
		return this.upstream.topup(Call.settle(this.accounts.get(order.account())), order.family(), upstreamId)
			.map((outcome) -> {
				if (outcome instanceof Outcome.Refused<Topup> refusal && refusal.refusal().is(ErrorCode.NOT_FOUND)) {
					throw refused(order, "the upstream has no order of that id");
				}
				return outcome.orThrow();
			})
			.timeout(LONGEST_LOOK,
					Mono.error(() -> cannotBeAsked("the upstream does not show the order of that id now")));
	}

	private Mono<Order> adopt(Order order, Topup topup, Move move) {
		Map<String, Object> differences = Likeness.differences(order, topup,
				(order.sending().by() != null) ? this.giftCards.until(order) : order.readAt());
		if (!differences.isEmpty()) {
			return Mono.error(refused(order, "the upstream's order is another").detail("differences", differences));
		}
		if (!Sightings.mayAdopt(order, topup)) {
			return Mono.error(refused(order, "an order that is " + order.state()
					+ " cannot take the status that the upstream's has now: " + topup.status()));
		}
		return this.orders.byUpstreamIds(order.account(), List.of(topup.id())).flatMap((ours) -> {
			OrderId other = ours.getOrDefault(topup.id(), order.id());
			return other.equals(order.id())
					? this.delays.found(order).then(Mono.defer(() -> this.sightings.adopt(order, topup, move)))
					: Mono.error(taken(order));
		}).onErrorMap(DuplicateKeyException.class, (duplicate) -> taken(order));
	}

	/**
	 * Ends an order that was never made upstream: no money moved. One with a reference is
	 * looked for first; if the upstream cannot be asked the operator's word counts.
	 * @param id which
	 * @param move written down with it
	 * @return the order as it is afterwards
	 */
	public Mono<Order> markNotCreated(OrderId id, Move move) {
		return Detached.run(judged(id, (order) -> {
			if (order.state() == OrderState.ACCEPTED && !this.hold) {
				return notCreated(order, move);
			}
			Optional<String> obstacle = (order.state() == OrderState.ACCEPTED)
					? Optional.of("on hold it may have been sent, and is looked up first") : obstacle(order);
			if (obstacle.isPresent()) {
				return Mono.error(refused(order, obstacle.get()));
			}
			return this.orders.apply(order, Change.note().dueIn(SettleLoop.CLAIM))
				.flatMap((claimed) -> sought(claimed).flatMap(
						(found) -> (found == Settling.Finding.PRESENT) ? present(claimed) : notCreated(claimed, move)));
		}));
	}

	private Mono<Order> notCreated(Order order, Move move) {
		return this.orders.reject(order,
				Problem.of(ErrorCode.SEND_FAILED, "not made by the upstream")
					.detail("orderId", order.id().value())
					.money(false, true),
				move);
	}

	private Mono<Order> present(Order order) {
		return this.orders.find(order.id())
			.defaultIfEmpty(order)
			.flatMap((now) -> Mono.error(refused(now, "the upstream has it")));
	}

	/** Gift cards have no reference to look for: their candidates are fixed. */
	private Mono<Settling.Finding> sought(Order order) {
		return (order.family() == Family.GIFT_CARD) ? Mono.just(Settling.Finding.ABSENT)
				: this.settling.find(order).timeout(LONGEST_LOOK, Mono.just(Settling.Finding.UNCLEAR));
	}

	/**
	 * Sends an order once more, under the same reference, however often it was sent and
	 * whatever its deadline. An order with a reference is looked for first; of gift cards
	 * the operator's word counts, once their candidates are fixed.
	 * @param id which
	 * @param move written down in the commit that the send is begun with
	 * @return the order as it is after the send
	 */
	public Mono<Order> allowSend(OrderId id, Move move) {
		return Detached.run(found(id).flatMap((order) -> {
			Optional<String> obstacle = this.hold ? Optional.of("sending is on hold") : obstacle(order);
			return obstacle.isPresent() ? Mono.<Order>error(refused(order, obstacle.get())) : unlessStopped(order);
		})
			.flatMap(this::unlessTooSoon)
			.flatMap(this::claimed)
			.flatMap((order) -> ifAbsent(order, () -> send(order, move))));
	}

	private Mono<Order> unlessStopped(Order order) {
		return this.sendStops.of(order.account())
			.flatMap((stop) -> Mono.<Order>error(refused(order, "the sends of its account are stopped")))
			.defaultIfEmpty(order);
	}

	/** The look that comes now is the second that did not find it. */
	private Mono<Order> unlessTooSoon(Order order) {
		Instant absentAt = order.sending().absentAt();
		if (order.family() == Family.GIFT_CARD) {
			return Mono.just(order);
		}
		return this.delays.gap(order)
			.flatMap((gap) -> (absentAt == null || order.readAt().isBefore(absentAt.plus(gap)))
					? Mono.error(refused(order, "no complete look has missed it yet that is " + gap + " old"))
					: Mono.just(order));
	}

	/** From here on settling leaves it alone, and another operator takes it away. */
	private Mono<Order> claimed(Order order) {
		return this.orders.apply(order, Change.note().dueIn(SettleLoop.CLAIM))
			.switchIfEmpty(Mono.defer(() -> overtaken(order)));
	}

	private Mono<Order> ifAbsent(Order order, Supplier<Mono<Order>> send) {
		return sought(order).flatMap((found) -> switch (found) {
			case ABSENT -> send.get();
			case PRESENT -> present(order);
			case UNCLEAR ->
				Mono.error(cannotBeAsked("list and check-ref do not both say that the upstream does not have it"));
		});
	}

	private Mono<Order> send(Order order, Move move) {
		Account account = this.accounts.get(order.account());
		AtomicBoolean begun = new AtomicBoolean();
		return this.attempt.allowed(account, order, move, () -> begun.set(true))
			.switchIfEmpty(Mono.defer(() -> begun.get() ? this.orders.find(order.id()) : overtaken(order)))
			.onErrorMap((failure) -> begun.get(), (failure) -> notStored(order))
			.flatMap((after) -> begun.get() ? Mono.just(after) : Mono.error(notBegun(after)));
	}

	/** Why nobody may say yet that the upstream does not have it. */
	private Optional<String> obstacle(Order order) {
		if (order.state() != OrderState.SEND_UNKNOWN) {
			return Optional.of("it is not unclear what became of its send");
		}
		if (order.sending().arrived() || order.upstreamId() != null) {
			return Optional.of("the upstream has it");
		}
		if (!this.absence.isPast(order)) {
			return Optional.of("its send may still be under way");
		}
		return (order.family() == Family.GIFT_CARD && !isHandedOver(order))
				? Optional.of("the upstream's list is still to be read for it") : Optional.empty();
	}

	private static boolean isHandedOver(Order order) {
		return order.state() == OrderState.SEND_UNKNOWN && order.ending().candidates() != null;
	}

	private Mono<Order> judged(OrderId id, Function<Order, Mono<Order>> move) {
		return judged(id, move, TRIES);
	}

	private Mono<Order> judged(OrderId id, Function<Order, Mono<Order>> move, int tries) {
		return found(id).flatMap((order) -> move.apply(order)
			.switchIfEmpty(Mono.defer(() -> (tries > 1) ? judged(id, move, tries - 1) : overtaken(order))));
	}

	private Mono<Order> found(OrderId id) {
		return this.orders.find(id)
			.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such order").money(false, true)));
	}

	private Mono<Order> overtaken(Order order) {
		return this.orders.find(order.id())
			.defaultIfEmpty(order)
			.flatMap((now) -> Mono
				.error((now.state() == OrderState.SENDING) ? refused(now, "its send is under way").money(true, false)
						: refused(now, "it has just been changed; look at it again")));
	}

	private static Problem taken(Order order) {
		return refused(order, "another order of ours has that id");
	}

	private static Problem notBegun(Order order) {
		return refused(order, "the send could not be begun, because of the budget, the breaker, a stop or another "
				+ "order of its lane; nothing was sent");
	}

	private static Problem notStored(Order order) {
		return Problem
			.of(ErrorCode.STORE_UNAVAILABLE, "the send was begun; what became of it is not stored and is looked up")
			.detail("orderId", order.id().value())
			.money(true, false);
	}

	private static Problem cannotBeAsked(String message) {
		return Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, message).money(false, true).retryAfter(SOON);
	}

	private static Problem refused(Order order, String why) {
		return Problem.of(ErrorCode.MOVE_REFUSED, why)
			.detail("orderId", order.id().value())
			.detail("state", order.state().name())
			.detail("sends", order.sending().count())
			.detail("upstreamId", order.upstreamId())
			.money(false, true);
	}

}
