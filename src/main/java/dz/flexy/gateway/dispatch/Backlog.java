package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Turns orders away that could not be begun in time, before anything is stored. The
 * number of waiting orders is the database's, as of the last count, and what this replica
 * accepted since.
 */
@Component
class Backlog {

	/** A new number costs a check, a send, and a look at the card. */
	private static final int CALLS_PER_ORDER = 3;

	private final Map<AccountId, AtomicLong> waiting = new ConcurrentHashMap<>();

	private final Upstream upstream;

	private final DispatchProperties properties;

	Backlog(Upstream upstream, DispatchProperties properties) {
		this.upstream = upstream;
		this.properties = properties;
	}

	/**
	 * Completes if an order has a chance, else fails with 429 or 503 and when to try
	 * again. Never calls the upstream unless nobody asked about the key yet.
	 */
	Mono<Void> admit(Account account, Duration deadline) {
		if (this.properties.hold()) {
			return Mono.error(Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "sending is on hold").money(false, true));
		}
		Duration wait = this.upstream.timeFor(account, waiting(account.id()).get() * CALLS_PER_ORDER);
		if (wait.compareTo(deadline) > 0) {
			return Mono.error(
					Problem.of(ErrorCode.RATE_LIMIT_EXCEEDED, "more orders wait than can be begun within " + deadline)
						.money(false, true)
						.retryAfter(wait.minus(deadline)));
		}
		return this.upstream.stopped(account).flatMap(Backlog::refuse);
	}

	void accepted(AccountId account) {
		waiting(account).incrementAndGet();
	}

	void counted(AccountId account, long count) {
		waiting(account).set(count);
	}

	private AtomicLong waiting(AccountId account) {
		return this.waiting.computeIfAbsent(account, (id) -> new AtomicLong());
	}

	private static Mono<Void> refuse(Outcome.NotSent<Void> why) {
		ErrorCode code = (why.fault() == Fault.GATEWAY) ? ErrorCode.UPSTREAM_ACCOUNT_STOPPED
				: ErrorCode.UPSTREAM_UNAVAILABLE;
		return Mono.error(Problem.of(code, why.reason()).money(false, true).retryAfter(why.retryAfter()));
	}

}
