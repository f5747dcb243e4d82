package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.signal.Signals;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * The ledger's verbs. Each write is one committed statement and is made on subscription;
 * cancelling may or may not prevent it.
 */
@Component
public class Orders {

	/** Raised when an order is accepted. */
	public static final String ACCEPTED = "orders.accepted";

	static final String CHANGED = "orders.changed";

	private static final Duration LOOK = Duration.ofSeconds(1);

	private final OrderStore store;

	private final TurnStore turns;

	private final RestoreStore restore;

	private final Acceptance acceptance;

	private final CardVault vault;

	private final ProblemJson problems;

	private final LiveEvents live;

	private final Signals signals;

	Orders(OrderStore store, TurnStore turns, RestoreStore restore, Acceptance acceptance, CardVault vault,
			ProblemJson problems, LiveEvents live, Signals signals) {
		this.store = store;
		this.turns = turns;
		this.restore = restore;
		this.acceptance = acceptance;
		this.vault = vault;
		this.problems = problems;
		this.live = live;
		this.signals = signals;
	}

	/**
	 * Commits an order with its first event and its idempotency key.
	 * @param order what to buy for whom
	 * @return the order; fails with 403 {@code DUPLICATED_REF}, 429
	 * {@code SPEND_LIMIT_EXCEEDED}, {@link IdempotencyKeyTaken}, or 503 that says whether
	 * it may have been accepted
	 */
	public Mono<Order> accept(NewOrder order) {
		return this.acceptance.commit(order).doOnNext((accepted) -> {
			this.signals.raise(CHANGED);
			this.signals.raise(ACCEPTED);
		});
	}

	/**
	 * Moves or notes an order, fenced by its version, and by a sweep's lease if the
	 * change says so.
	 * @param order as read
	 * @param change what to change
	 * @return the order as it is now; empty if somebody else changed it since it was
	 * read, or a later holder of the lease has looked at it
	 * @throws IllegalStateException for a move that the states do not allow
	 */
	public Mono<Order> apply(Order order, Change change) {
		OrderState next = change.state();
		if (next != null && !order.state().mayBecome(next)) {
			throw new IllegalStateException(
					"order " + order.id() + " may not go from " + order.state() + " to " + next);
		}
		return changed(this.store.move(order, change));
	}

	/**
	 * Rejects an order: nothing was bought and nothing will be.
	 * @param order as read
	 * @param problem why, kept with the order
	 * @return the order as it is now; empty if somebody else changed it
	 */
	public Mono<Order> reject(Order order, Problem problem) {
		return apply(order, rejection(problem));
	}

	/**
	 * The same on an operator's word.
	 * @param order as read
	 * @param problem why, kept with the order
	 * @param move what the operator does, written down with it
	 * @return the order as it is now; empty if somebody else changed it
	 */
	public Mono<Order> reject(Order order, Problem problem, Move move) {
		return apply(order, rejection(problem).by(move));
	}

	private Change rejection(Problem problem) {
		return Change.to(OrderState.REJECTED)
			.refusal(this.problems.write(problem))
			.reason("NOT_CHARGED: " + problem.code() + ": " + problem.message());
	}

	/**
	 * Notes a refusal in words the gateway does not know: the order is looked up before
	 * they are believed.
	 * @param order in {@code SENDING}
	 * @param problem the upstream's words
	 * @return the order as it is now, due at once; empty if somebody else changed it
	 */
	public Mono<Order> doubt(Order order, Problem problem) {
		return apply(order, Change.to(OrderState.SEND_UNKNOWN).refusal(this.problems.write(problem)));
	}

	/**
	 * Ends an order as delivered, its card with it in one commit.
	 * @param order as read
	 * @param state {@code FULFILLED} or {@code PARTIALLY_FILLED}
	 * @param card the card; empty if the upstream shows none
	 * @param change what else to change
	 * @return the order as it is now; empty if somebody else changed it
	 */
	public Mono<Order> deliver(Order order, OrderState state, Optional<Card> card, Change change) {
		return apply(order,
				card.map((clear) -> change.card(this.vault.seal(order.id(), clear))).orElse(change).as(state));
	}

	/**
	 * Stores the card of an order that was delivered without.
	 * @param order as read
	 * @param card the card
	 * @param change what else to change
	 * @return the order as it is now; empty if somebody else changed it
	 */
	public Mono<Order> complete(Order order, Card card, Change change) {
		return apply(order, change.card(this.vault.seal(order.id(), card)));
	}

	/**
	 * Commits that an order's first byte is about to leave.
	 * @param order claimed
	 * @param cost its price, if known
	 * @param within the first byte leaves within this time from now, or never
	 * @param lease how long nobody else may settle it
	 * @return the order as it is now; empty if it was changed, its deadline has passed or
	 * the account's sends are stopped: then nothing may be sent
	 */
	public Mono<Order> beginSending(Order order, @Nullable BigDecimal cost, Duration within, Duration lease) {
		return changed(this.store.beginSending(order, cost, within, lease));
	}

	/**
	 * Commits that the first byte of a send is about to leave which an operator allows:
	 * whatever the order's deadline, and however often it was sent.
	 * @param order in {@code SEND_UNKNOWN}
	 * @param within the first byte leaves within this time from now, or never
	 * @param lease how long nobody else may settle it
	 * @param move what the operator does, written down with it
	 * @return the order as it is now; empty if it was changed, the upstream has it or the
	 * account's sends are stopped: then nothing may be sent. Fails while another order
	 * has its lane
	 */
	public Mono<Order> beginAllowed(Order order, Duration within, Duration lease, Move move) {
		return changed(this.store.beginAllowed(order, within, lease, move));
	}

	/**
	 * Takes orders that wait to be sent, for a time in which nobody else does: of the
	 * callers who had least, compared with their weights, the oldest due. Each order
	 * counts as one for its caller, however often it is taken. Who comes back after a
	 * pause is served at once, but not for the time in which he wanted nothing.
	 * @param account bought with
	 * @param families of which products
	 * @param limit how many at most
	 * @param lease for how long
	 * @return in no order; completes empty if none waits
	 */
	public Flux<Order> claimToSend(AccountId account, Collection<Family> families, int limit, Duration lease) {
		return this.turns.claim(account, families, limit, lease);
	}

	/**
	 * Takes orders whose sending broke off or stayed unclear, for a time in which nobody
	 * else does.
	 * @param account bought with
	 * @param limit how many at most
	 * @param lease for how long
	 * @return in no order; completes empty if there is none
	 */
	public Flux<Order> claimToSettle(AccountId account, int limit, Duration lease) {
		return this.store.claimToSettle(account, limit, lease);
	}

	/**
	 * Takes accepted orders for ones that may have been sent: {@code SEND_UNKNOWN}, due
	 * at once. Those of gift cards cannot be looked up and are flagged for a person.
	 * @param account bought with
	 * @param limit how many at most
	 * @return how many it was for; callers see no change
	 */
	public Mono<Long> doubtAccepted(AccountId account, int limit) {
		return this.restore.doubtAccepted(account, limit).doOnNext((doubted) -> {
			if (doubted > 0) {
				this.signals.raise(CHANGED);
			}
		});
	}

	/**
	 * Forgets what earlier looks for unclear orders with a reference have proven.
	 * @param account bought with
	 * @return for how many orders
	 */
	public Mono<Long> doubtLooks(AccountId account) {
		return this.restore.doubtLooks(account);
	}

	/**
	 * Orders that the upstream has and that are due for a look; not those that it settles
	 * in hours, {@code QUEUED} and {@code UNKNOWN_ERROR}, unless only their card is
	 * awaited.
	 * @param account bought with
	 * @param family of which product
	 * @param limit how many at most
	 * @return longest due first
	 */
	public Flux<Order> toFollow(AccountId account, Family family, int limit) {
		return this.store.toFollow(account, family, limit);
	}

	/**
	 * The stretch of time around the order that is due longest of those that the upstream
	 * settles in hours.
	 * @param account bought with
	 * @param family of which product
	 * @return some thousand due orders at most, none sent more than 10 min after another;
	 * empty if none is due
	 */
	public Mono<Stretch> toFollowSlowly(AccountId account, Family family) {
		return this.store.stretch(account, family);
	}

	/**
	 * The oldest such order of a stretch that is still due.
	 * @param account bought with
	 * @param family of which product
	 * @param stretch as read
	 * @return empty if none is
	 */
	public Mono<Order> toFollowSlowly(AccountId account, Family family, Stretch stretch) {
		return this.store.toFollowSlowly(account, family, stretch);
	}

	/**
	 * Such orders by the upstream's ids.
	 * @param account bought with
	 * @param family of which product
	 * @param upstreamIds ids that may be of orders of ours
	 * @return those that are due, in no order
	 */
	public Flux<Order> toFollowSlowly(AccountId account, Family family, Collection<String> upstreamIds) {
		return upstreamIds.isEmpty() ? Flux.empty() : this.store.toFollowSlowly(account, family, upstreamIds);
	}

	/**
	 * Notes that orders were looked at and had not changed: the older, the later they are
	 * looked at again.
	 * @param orders which
	 * @param token of the lease under which they were looked at; those that a holder with
	 * a greater one has looked at stay as they are
	 * @return completes when noted
	 */
	public Mono<Void> seenUnchanged(Collection<Order> orders, long token) {
		return orders.isEmpty() ? Mono.empty() : this.store.seenUnchanged(orders, token).then();
	}

	/**
	 * Which of the upstream's orders are known to be ours.
	 * @param account bought with
	 * @param upstreamIds the upstream's ids
	 * @return those of them that an order of ours has
	 */
	public Mono<Set<String>> known(AccountId account, Collection<String> upstreamIds) {
		return this.store.known(account, upstreamIds).collect(Collectors.toSet());
	}

	/**
	 * How many orders of an account wait to be begun. Sees to it that claims find them,
	 * too, by whatever way they came to wait.
	 * @param account bought with
	 * @return one count for each caller who has any
	 */
	public Flux<Waiting> waiting(AccountId account) {
		return this.turns.waiting(account);
	}

	/**
	 * Forgets which callers wait of those who have had no order to be claimed for a
	 * minute; otherwise claims would go on looking for some. Needs to run now and then.
	 * @param account bought with
	 * @return completes when done
	 */
	public Mono<Void> forgetIdle(AccountId account) {
		return this.turns.forgetIdle(account);
	}

	/**
	 * Decides what the send is answered with, once for ever: the refusal if the order is
	 * rejected by now, else its id.
	 * @param id which order
	 * @param refusable whether it is still time for a refusal
	 * @return the order with its answer
	 */
	public Mono<Order> answer(OrderId id, boolean refusable) {
		return this.store.answer(id, refusable);
	}

	/**
	 * A caller's own order.
	 * @param caller who asks
	 * @param id as he wrote it
	 * @return exactly one; the same 404 whether it is unknown or another caller's
	 */
	public Mono<Order> own(Caller caller, String id) {
		return owned(caller, id).switchIfEmpty(Mono.error(Orders::notFound));
	}

	/** The same, but empty in place of the 404. */
	Mono<Order> owned(Caller caller, String id) {
		return Mono.justOrEmpty(OrderId.parse(id))
			.flatMap(this.store::find)
			.filter((order) -> order.caller().equals(caller.id()));
	}

	/**
	 * The order of a caller's reference.
	 * @param caller whose
	 * @param family of which product
	 * @param ref as he sent it
	 * @return empty if there is none, or if its send was refused
	 */
	public Mono<Order> findByRef(CallerId caller, Family family, String ref) {
		return this.store.findByRef(caller, family, ref);
	}

	static Problem notFound() {
		return Problem.of(ErrorCode.NOT_FOUND, "no such order");
	}

	/**
	 * The order of an id, whoever's it is.
	 * @param id which
	 * @return empty if there is none
	 */
	public Mono<Order> find(OrderId id) {
		return this.store.find(id);
	}

	/**
	 * A page of an account's orders in the order of their acceptance, whoever's they are.
	 * @param account bought with
	 * @param from accepted then or later, by the clocks of the replicas
	 * @param to accepted earlier, by the same
	 * @param after the last order of the page before; empty for the first page
	 * @param limit how many at most
	 * @return completes empty behind the last page
	 */
	public Flux<Order> accepted(AccountId account, Instant from, Instant to, Optional<OrderId> after, int limit) {
		return this.store.between(account, after.orElseGet(() -> OrderId.first(from)), OrderId.first(to), limit);
	}

	/**
	 * Orders by their own ids or the upstream's, whoever's they are.
	 * @param account bought with, where they are known by the upstream's id
	 * @param ids the gateway's ids, of any account
	 * @param upstreamIds the upstream's ids
	 * @return each once, in no order; those that are of none are left out
	 */
	public Flux<Order> all(AccountId account, Collection<OrderId> ids, Collection<String> upstreamIds) {
		return (ids.isEmpty() && upstreamIds.isEmpty()) ? Flux.empty()
				: this.store.all(account, ids.stream().map(OrderId::value).toList(), upstreamIds);
	}

	/**
	 * The orders of upstream ids, whoever's they are.
	 * @param account bought with
	 * @param upstreamIds ids that may be of orders of ours
	 * @return by upstream id; without those that are of none
	 */
	public Mono<Map<String, OrderId>> byUpstreamIds(AccountId account, Collection<String> upstreamIds) {
		return upstreamIds.isEmpty() ? Mono.just(Map.of()) : this.store.byUpstreamIds(account, upstreamIds);
	}

	/**
	 * Waits until the upstream has an order or it is rejected. Looks for itself now and
	 * then: the log's readers stay behind the oldest transaction of the whole server, and
	 * a dump must not turn each refusal into a 200.
	 * @param id which order
	 * @return its state then; never completes before. Cancelling stops the waiting
	 */
	public Mono<OrderState> outcome(OrderId id) {
		Flux<Order> looks = Flux.interval(Duration.ZERO, LOOK)
			.onBackpressureDrop()
			.concatMap((look) -> this.store.find(id), 1);
		return Flux.merge(this.live.of(id).map(OrderEvent::state), looks.map(Order::state))
			.filter((state) -> !state.isUnsent())
			.next();
	}

	private Mono<Order> changed(Mono<Order> write) {
		return write.doOnNext((order) -> this.signals.raise(CHANGED));
	}

}
