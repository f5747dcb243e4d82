package dz.flexy.gateway.upstream;

import java.time.Clock;
import java.util.function.Function;

import dz.flexy.gateway.breaker.BreakerOpen;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Verdict;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.budget.BudgetExhausted;
import dz.flexy.gateway.budget.Permit;
import dz.flexy.gateway.budget.RateLimitHeaders;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Breaker first, permit second; both learn from what became of the call. */
@Component
class Admission {

	private final Breakers breakers;

	private final Budget budget;

	private final Clock clock;

	Admission(Breakers breakers, Budget budget, Clock clock) {
		this.breakers = breakers;
		this.budget = budget;
		this.clock = clock;
	}

	/**
	 * Makes the attempt once both agree.
	 * @return the attempt's outcome, or {@link Outcome.NotSent} if it was not admitted
	 */
	<T> Mono<Outcome<T>> admit(Call call, Request<T> request, Function<Permit, Mono<Outcome<T>>> attempt) {
		Mono<Outcome<T>> permitted = this.budget.acquire(call.account(), call.lane(), call.longestWait())
			.flatMap((permit) -> attempt.apply(permit).doFinally((end) -> permit.close()))
			.onErrorResume(BudgetExhausted.class, (none) -> Mono
				.just(new Outcome.NotSent<>(Fault.GATEWAY, String.valueOf(none.getMessage()), none.retryAfter())));
		return this.breakers.guard(call.account().id(), request.family(), request.side(), permitted, Admission::verdict)
			.onErrorResume(BreakerOpen.class, (open) -> Mono
				.just(new Outcome.NotSent<>(Fault.UPSTREAM, "circuit breaker open", open.retryAfter())));
	}

	void observe(Call call, Answer answer) {
		this.budget.observe(call.account(),
				RateLimitHeaders.read(answer.status(), answer.header("X-RateLimit-Limit"),
						answer.header("X-RateLimit-Remaining"), answer.header("X-RateLimit-Reset"),
						answer.header("Retry-After"), answer.upstreamNow(this.clock.instant())));
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
