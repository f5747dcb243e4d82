package dz.flexy.gateway.callers;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.signal.Signals;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.pool.PoolBuilder;

import org.springframework.stereotype.Component;

/**
 * Gives tickets away, makes sessions of them, and tells what a session allows now: what
 * the ticket allowed, as far as the caller still may and the order may still be shown.
 * Everything fails with 503 if the database does not answer in time, or if too many ask
 * at once.
 */
@Component
class Tickets {

	static final Duration LIFE = Duration.ofMinutes(1);

	static final Duration ORDER_LIFE = Duration.ofDays(4);

	static final Duration BOARD_LIFE = Duration.ofHours(12);

	/** For its turn and the answer. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/**
	 * Who has no key at all may ask, and all pages ask at once after a restart: most of
	 * the pool's connections are kept for those who have a key.
	 */
	private static final int AT_ONCE = 5;

	/** Each waits a millisecond or two for each before it. */
	private static final int MOST_WAITING = 4000;

	/** A ticket never allows more than to read. */
	private static final Set<Scope> BOARD_SCOPES = Set.copyOf(EnumSet.of(Scope.ORDERS_READ, Scope.CATALOG_READ,
			Scope.BALANCE_READ, Scope.CARDS_REVEAL, Scope.ACCOUNT_READ, Scope.OPERATOR));

	/** Requests of one session in a window; a page needs a handful. */
	private static final int ORDER_LIMIT = 120;

	private static final int BOARD_LIMIT = 600;

	private static final Duration WINDOW = Duration.ofMinutes(1);

	private final InstrumentedPool<Object> turns = PoolBuilder.from(Mono.fromSupplier(Object::new))
		.sizeBetween(0, AT_ONCE)
		.maxPendingAcquire(MOST_WAITING)
		.buildPool();

	private final TicketStore store;

	private final OrderAccess orders;

	private final Callers callers;

	private final SignOuts signOuts;

	private final Signals signals;

	private final SecureRandom random;

	Tickets(TicketStore store, OrderAccess orders, Callers callers, SignOuts signOuts, Signals signals,
			SecureRandom random) {
		this.store = store;
		this.orders = orders;
		this.callers = callers;
		this.signOuts = signOuts;
		this.signals = signals;
		this.random = random;
	}

	/**
	 * A ticket of one order of the caller's.
	 * @param card whether it shows the card as well
	 * @return fails with 404 for anybody else's order, with 409 if it was final for too
	 * long
	 */
	Mono<Issued> ofOrder(Caller caller, String order, boolean card) {
		Set<Scope> scopes = card ? EnumSet.of(Scope.ORDERS_READ, Scope.CARDS_REVEAL) : EnumSet.of(Scope.ORDERS_READ);
		return bounded(this.orders.left(caller.id(), order)
			.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such order")))
			.filter(Duration::isPositive)
			.switchIfEmpty(Mono
				.error(() -> Problem.of(ErrorCode.PAGE_CLOSED, "the order has been final for more than 24 hours")
					.money(false, true)))
			.flatMap((left) -> issue(caller, order, scopes)));
	}

	/** A ticket of the board. */
	Mono<Issued> ofBoard(Caller caller) {
		return bounded(issue(caller, null, both(BOARD_SCOPES, caller.scopes())));
	}

	private Mono<Issued> issue(Caller caller, @Nullable String order, Set<Scope> scopes) {
		return Mono.defer(() -> {
			Secret secret = Secret.next(this.random);
			return this.store.issue(secret.digest(), caller.id(), order, scopes, LIFE)
				.map((end) -> new Issued(secret, end));
		});
	}

	/**
	 * Makes a session of a ticket, once.
	 * @return empty if the ticket is not good here
	 */
	Mono<Opened> open(Secret ticket, Reach reach) {
		return bounded(Mono.defer(() -> {
			Secret session = Secret.next(this.random);
			return this.store
				.exchange(ticket.digest(), reach.order(), reach.board(), session.digest(), ORDER_LIFE, BOARD_LIFE)
				.map((found) -> new Opened(session, found));
		}));
	}

	/**
	 * The first of some sessions that allows a request: for a card one that shows cards,
	 * if there is any, else that of the order itself.
	 * @param digests of what the browser shows
	 * @return empty if none does
	 */
	Mono<Admitted> find(Collection<String> digests, Reach reach) {
		Comparator<Ticket> best = Comparator
			.comparing((Ticket ticket) -> reach.card() && !ticket.scopes().contains(Scope.CARDS_REVEAL))
			.thenComparing(Ticket::isBoard);
		return bounded(this.store.sessions(digests)
			.filter(reach::covers)
			.sort(best)
			.collectList()
			.flatMapIterable((found) -> found)
			.concatMap(this::looked, 0)
			.next());
	}

	/** What a session allows now; empty if that is nothing any more. */
	Mono<Admitted> admit(Ticket session) {
		return bounded(looked(session));
	}

	/** Ends a session of the board wherever it is used. */
	Mono<Void> signOut(String session) {
		return bounded(this.store.end(session)).doOnSuccess((done) -> {
			this.signOuts.signedOut(session);
			this.signals.raise(SignOuts.TOPIC);
		});
	}

	private Mono<Admitted> looked(Ticket session) {
		Optional<Caller> caller = this.callers.find(session.caller());
		if (caller.isEmpty()) {
			return Mono.empty();
		}
		Mono<Duration> left = (session.order() == null) ? Mono.just(session.left())
				: this.orders.left(session.caller(), session.order())
					.map((open) -> (open.compareTo(session.left()) < 0) ? open : session.left());
		return left.filter(Duration::isPositive).map((rest) -> admitted(session, caller.get(), rest));
	}

	private Admitted admitted(Ticket session, Caller caller, Duration left) {
		Caller acting = new Caller(caller.id(), caller.account(), both(session.scopes(), caller.scopes()),
				session.isBoard() ? BOARD_LIMIT : ORDER_LIMIT, WINDOW, caller.sendDeadline(), caller.weight(),
				caller.spendLimit(), caller.directUntil());
		Mono<Void> over = Mono.delay(left).then();
		Mono<Void> ended = session.isBoard() ? Mono.firstWithSignal(over, this.signOuts.of(session.session())) : over;
		return new Admitted(session.session(),
				new Authority(acting, ended, !session.isBoard(), Optional.of(session.session())));
	}

	private static Set<Scope> both(Set<Scope> some, Set<Scope> others) {
		Set<Scope> both = EnumSet.noneOf(Scope.class);
		both.addAll(some);
		both.retainAll(others);
		return Set.copyOf(both);
	}

	private <T> Mono<T> bounded(Mono<T> work) {
		return this.turns.withPoolable((turn) -> work)
			.next()
			.timeout(PATIENCE)
			.onErrorMap(PoolAcquirePendingLimitException.class, (full) -> unavailable("too many browsers ask at once"))
			.onErrorMap(TimeoutException.class, (late) -> unavailable("the gateway's database does not answer"));
	}

	private static Problem unavailable(String why) {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, why).money(false, true);
	}

	/**
	 * A new ticket.
	 *
	 * @param secret shown once
	 * @param end exclusively
	 */
	record Issued(Secret secret, Instant end) {
	}

	/**
	 * A new session.
	 *
	 * @param secret shown once
	 * @param ticket what it was made of
	 */
	record Opened(Secret secret, Ticket ticket) {
	}

	/**
	 * What lets a request in.
	 *
	 * @param session its digest
	 * @param authority what it may do
	 */
	record Admitted(String session, Authority authority) {
	}

}
