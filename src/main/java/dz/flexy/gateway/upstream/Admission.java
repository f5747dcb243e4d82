package dz.flexy.gateway.upstream;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.BreakerOpen;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Verdict;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.budget.BudgetExhausted;
import dz.flexy.gateway.budget.Permit;
import dz.flexy.gateway.budget.RateLimitHeaders;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Breaker first, permit second; both learn from what became of the call. */
@Component
class Admission {

	private static final Duration LONGEST_TRIAL_WAIT = Duration.ofSeconds(5);

	private final Breakers breakers;

	private final Budget budget;

	private final Reads reads;

	private final Accounts accounts;

	private final Clock clock;

	Admission(Breakers breakers, Budget budget, Reads reads, Accounts accounts, Clock clock) {
		this.breakers = breakers;
		this.budget = budget;
		this.reads = reads;
		this.accounts = accounts;
		this.clock = clock;
	}

	/**
	 * Reads once both agree, and where a caller waits once more if the upstream failed.
	 * @return the attempt's outcome, or {@link Outcome.NotSent} if it was not admitted
	 */
	<T> Mono<Outcome<T>> read(Call call, Request<T> request, Function<Permit, Mono<Outcome<T>>> attempt) {
		return unlessOpen(this.reads.repeated(call, request.endpoint(), (left) -> guarded(left, request, attempt)));
	}

	/**
	 * Makes one call that buys nothing once both agree, and no second one.
	 * @return the attempt's outcome, or {@link Outcome.NotSent} if it was not admitted
	 */
	<T> Mono<Outcome<T>> once(Call call, Request<T> request, Function<Permit, Mono<Outcome<T>>> attempt) {
		return unlessOpen(guarded(call, request, attempt));
	}

	private <T> Mono<Outcome<T>> guarded(Call call, Request<T> request, Function<Permit, Mono<Outcome<T>>> attempt) {
		return this.breakers.guard(call.account().id(), request.family(), request.side(),
				unlessLate(permitted(prompt(call, request), attempt)), Admission::verdict);
	}

	/**
	 * Once more with another permit if the first ran out while the connection was made,
	 * as it may in the first seconds of a replica. Not a byte has left.
	 */
	private static <T> Mono<Outcome<T>> unlessLate(Mono<Outcome<T>> permitted) {
		return permitted.flatMap((outcome) -> (outcome instanceof Outcome.NotSent<T> notSent && notSent.late())
				? permitted : Mono.just(outcome));
	}

	/**
	 * What may be the one trial of a half-open breaker does not wait long for its permit.
	 */
	private Call prompt(Call call, Request<?> request) {
		boolean trial = !this.breakers.isClosed(call.account().id(), request.family(), request.side());
		return (trial && call.longestWait().compareTo(LONGEST_TRIAL_WAIT) > 0)
				? new Call(call.account(), call.lane(), LONGEST_TRIAL_WAIT) : call;
	}

	/**
	 * Buys once both agree; behind a half-open breaker after the probe.
	 * @param probe empty if the upstream is well, else the outcome
	 * @return the attempt's outcome, or {@link Outcome.NotSent} if it was not admitted
	 */
	<T> Mono<Outcome<T>> buy(Call call, Request<T> request, Mono<Outcome<T>> probe,
			Function<Permit, Mono<Outcome<T>>> attempt) {
		return unlessOpen(this.breakers.guard(call.account().id(), request.family(), request.side(), probe,
				permitted(call, attempt), Admission::verdict));
	}

	/** Makes the attempt with a permit and without asking a breaker. */
	<T> Mono<Outcome<T>> permitted(Call call, Function<Permit, Mono<Outcome<T>>> attempt) {
		return this.budget.acquire(call.account(), call.lane(), call.longestWait())
			.flatMap((permit) -> unlessStopped(call, attempt.apply(permit)).doFinally((end) -> permit.close()))
			.onErrorResume(BudgetExhausted.class, (none) -> Mono
				.just(new Outcome.NotSent<>(Fault.GATEWAY, String.valueOf(none.getMessage()), none.retryAfter())));
	}

	/** Another call's answer may have stopped the account while this one waited. */
	private <T> Mono<Outcome<T>> unlessStopped(Call call, Mono<Outcome<T>> attempt) {
		return this.accounts.standing(call.account())
			.flatMap((standing) -> (standing instanceof Standing.Stopped stopped)
					? Mono.just(KeyCheck.stopped(stopped, this.clock.instant())) : attempt);
	}

	private static <T> Mono<Outcome<T>> unlessOpen(Mono<Outcome<T>> guarded) {
		return guarded.onErrorResume(BreakerOpen.class,
				(open) -> Mono.just(new Outcome.NotSent<>(Fault.UPSTREAM, "circuit breaker open", open.retryAfter())));
	}

	/** What was understood as a limit counts like a 429, whatever its status. */
	void observe(Call call, Answer answer, Outcome<?> outcome) {
		boolean limited = outcome instanceof Outcome.NotSent<?> notSent && notSent.limited();
		int status = limited ? HttpStatus.TOO_MANY_REQUESTS.value() : answer.status();
		this.budget.observe(call.account(), RateLimitHeaders.read(status, answer.header("X-RateLimit-Limit"),
				answer.header("X-RateLimit-Remaining"), answer.header("X-RateLimit-Reset"),
				answer.header("Retry-After"), answer.upstreamNow(this.clock.instant()), call.account().window()));
	}

	private static Verdict verdict(Outcome<?> outcome) {
		return switch (outcome) {
			case Outcome.Success<?> success -> Verdict.SUCCESS;
			case Outcome.Refused<?> refused -> Verdict.IGNORED;
			case Outcome.MayHaveActed<?> unclear -> Verdict.FAILURE;
			case Outcome.NotSent<?> notSent -> (notSent.fault() == Fault.UPSTREAM) ? Verdict.FAILURE : Verdict.IGNORED;
		};
	}

}
