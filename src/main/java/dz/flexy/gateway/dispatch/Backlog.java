package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Waiting;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Turns orders away that could not be begun in time, before anything is stored. The
 * numbers of waiting orders are the database's, as of the last count, and what this
 * replica accepted since. Callers take turns, so one whose orders pile up turns away his
 * own and nobody else's.
 */
@Component
class Backlog {

	/** A new number costs a check, a send, and a look at the card. */
	private static final int CALLS_PER_ORDER = 3;

	private final Map<AccountId, Map<CallerId, Waiting>> waiting = new ConcurrentHashMap<>();

	private final Upstream upstream;

	private final SendStops sendStops;

	private final DispatchProperties properties;

	Backlog(Upstream upstream, SendStops sendStops, DispatchProperties properties) {
		this.upstream = upstream;
		this.sendStops = sendStops;
		this.properties = properties;
	}

	/**
	 * Completes if an order has a chance, else fails with 429 or 503 and when to try
	 * again. Never calls the upstream unless nobody asked about the key yet.
	 */
	Mono<Void> admit(Account account, Caller caller, Duration deadline) {
		if (this.properties.hold()) {
			return Mono.error(Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "sending is on hold").money(false, true));
		}
		Duration wait = this.upstream.timeFor(account, ahead(caller) * CALLS_PER_ORDER);
		if (wait.compareTo(deadline) > 0) {
			return Mono.error(
					Problem.of(ErrorCode.RATE_LIMIT_EXCEEDED, "more orders wait than can be begun within " + deadline)
						.money(false, true)
						.retryAfter(wait.minus(deadline)));
		}
		return this.sendStops.of(account.id())
			.flatMap((stop) -> Mono.<Void>error(SendStop.refusal()))
			.switchIfEmpty(Mono.defer(() -> this.upstream.stopped(account).flatMap(Backlog::refuse)));
	}

	void accepted(Caller caller) {
		waiting(caller.account()).merge(caller.id(), new Waiting(caller.id(), caller.weight(), 1),
				(counted, one) -> new Waiting(caller.id(), caller.weight(), counted.orders() + 1));
	}

	void counted(AccountId account, Collection<Waiting> counts) {
		this.waiting.put(account,
				counts.stream().collect(Collectors.toConcurrentMap(Waiting::caller, (count) -> count)));
	}

	/**
	 * Orders begun before the caller's next one: his own, and of each other caller those
	 * whose turn comes until then.
	 */
	private long ahead(Caller caller) {
		Map<CallerId, Waiting> counts = waiting(caller.account());
		Waiting own = counts.get(caller.id());
		BigDecimal turns = BigDecimal.valueOf((own != null) ? own.orders() + 1 : 1)
			.divide(caller.weight(), 6, RoundingMode.HALF_UP);
		long others = counts.values()
			.stream()
			.filter((other) -> !other.caller().equals(caller.id()))
			.mapToLong((other) -> Math.min(other.orders(), served(other, turns)))
			.sum();
		return others + ((own != null) ? own.orders() : 0);
	}

	private static long served(Waiting other, BigDecimal turns) {
		return turns.multiply(other.weight()).setScale(0, RoundingMode.CEILING).longValueExact();
	}

	private Map<CallerId, Waiting> waiting(AccountId account) {
		return this.waiting.computeIfAbsent(account, (id) -> new ConcurrentHashMap<>());
	}

	private static Mono<Void> refuse(Outcome.NotSent<Void> why) {
		ErrorCode code = (why.fault() == Fault.GATEWAY) ? ErrorCode.UPSTREAM_ACCOUNT_STOPPED
				: ErrorCode.UPSTREAM_UNAVAILABLE;
		return Mono.error(Problem.of(code, why.reason()).money(false, true).retryAfter(why.retryAfter()));
	}

}
