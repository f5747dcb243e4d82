package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.util.context.Context;

import org.springframework.stereotype.Component;

/**
 * Commits orders that come at the same moment in one statement: most of what an order
 * costs is the statement and its commit, not the row. An order that comes alone goes
 * alone and at once; none waits for others to come.
 */
@Component
class GroupCommit {

	/** While these are under way others gather. One that hangs doesn't hold up all. */
	private static final int AT_ONCE = 2;

	/** Of one statement. */
	private static final int MOST = 64;

	/** Some megabytes; further ones are refused. */
	private static final int MOST_WAITING = 10_000;

	/** A connection may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Queue<Uncommitted> waiting = new ConcurrentLinkedQueue<>();

	private final InstrumentedPool<Object> turns = PoolBuilder.from(Mono.fromSupplier(Object::new))
		.sizeBetween(0, AT_ONCE)
		.buildPool();

	private final OrderStore store;

	GroupCommit(OrderStore store) {
		this.store = store;
	}

	/**
	 * Commits an order, with others or alone.
	 * @param order to be committed
	 * @return the order as committed; empty if its caller's spend limit is too low; fails
	 * as the statement does, for this order. Cancelling withdraws it
	 */
	Mono<Order> commit(Uncommitted order) {
		return Mono.defer(() -> order.order().caller().spendLimit().isPresent() ? alone(order) : together(order))
			.doOnCancel(order::withdraw);
	}

	/**
	 * The row of a spend limit is locked until the commit, and others would wait for it.
	 */
	private Mono<Order> alone(Uncommitted order) {
		return commit(List.of(order)).then(order.outcome());
	}

	/**
	 * Each that waits asks for a turn, and whose turn comes takes along all that wait: so
	 * none is left behind. Who is told gives his turn, or his place in the line, back. A
	 * group goes on when the one whose turn it is goes away: others' orders are in it.
	 */
	private Mono<Order> together(Uncommitted order) {
		if (this.turns.metrics().pendingAcquireSize() >= MOST_WAITING) {
			return Mono.error(new IllegalStateException("too many orders wait"));
		}
		this.waiting.add(order);
		Mono<Void> turn = this.turns
			.withPoolable((mine) -> commitWaiting().contextWrite((callers) -> Context.empty()).cache())
			.then();
		return Mono.firstWithSignal(order.outcome(), turn.onErrorComplete().then(order.outcome()));
	}

	private Mono<Void> commitWaiting() {
		List<Uncommitted> group = new ArrayList<>();
		while (group.size() < MOST) {
			Uncommitted next = this.waiting.poll();
			if (next == null) {
				break;
			}
			group.add(next);
		}
		return commit(group);
	}

	/**
	 * Tells each what became of it; what comes of the telling is no failure of the
	 * statement. The first is told last: the turn is his.
	 */
	private Mono<Void> commit(List<Uncommitted> given) {
		List<Uncommitted> group = given.stream().filter(Uncommitted::take).toList();
		if (group.isEmpty()) {
			return Mono.empty();
		}
		return Mono.defer(() -> this.store.accept(group)).timeout(PATIENCE).materialize().flatMap((told) -> {
			Map<OrderId, Order> rows = told.get();
			if (rows == null) {
				return afterFailure(group, Objects.requireNonNull(told.getThrowable()));
			}
			group.reversed().forEach((order) -> order.committed(rows.get(order.id())));
			return Mono.empty();
		});
	}

	/**
	 * A used ref or key fails the statement, which leaves nothing behind: the halves are
	 * tried, and so on until it stands alone. Whoever stopped waiting is left out.
	 */
	private Mono<Void> afterFailure(List<Uncommitted> group, Throwable failure) {
		if (failure instanceof Uncommitted.Withdrawn) {
			group.forEach(Uncommitted::putBack);
			return commit(group);
		}
		if (group.size() > 1 && StatementFailure.leftNothing(failure)) {
			group.forEach(Uncommitted::putBack);
			int half = group.size() / 2;
			return commit(group.subList(half, group.size())).then(Mono.defer(() -> commit(group.subList(0, half))));
		}
		group.forEach((order) -> order.failed(failure));
		return Mono.empty();
	}

}
