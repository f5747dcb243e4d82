package dz.flexy.gateway.breaker;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * One circuit breaker per account, family and side, because sweeps that succeed must not
 * hide sends that fail.
 */
@Component
public class Breakers {

	/** What a call does: only reads may be repeated. */
	public enum Side {

		/** Changes nothing upstream. */
		READ,
		/** May buy. */
		SEND

	}

	/** What an outcome says about the upstream's health. */
	public enum Verdict {

		/** It works. */
		SUCCESS,
		/** It does not: no connection, a timeout, a 5xx. */
		FAILURE,
		/** Says nothing: a 4xx, a 429, or our own refusal. */
		IGNORED

	}

	private final CircuitBreakerConfig config;

	private final CircuitBreakerRegistry registry;

	Breakers(MeterRegistry meters, Clock clock) {
		this.config = CircuitBreakerConfig.custom()
			.slidingWindowType(SlidingWindowType.COUNT_BASED)
			.slidingWindowSize(20)
			.minimumNumberOfCalls(10)
			.failureRateThreshold(50)
			.waitDurationInOpenState(Duration.ofSeconds(5))
			.permittedNumberOfCallsInHalfOpenState(1)
			.clock(clock)
			.build();
		this.registry = CircuitBreakerRegistry.of(this.config);
		TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(this.registry).bindTo(meters);
	}

	/**
	 * Guards one call. The permission is taken on subscription, before anything else; a
	 * cancel gives it back uncounted.
	 * @param <T> the call's outcome
	 * @param account whose call
	 * @param family of which product
	 * @param side read or send
	 * @param call what to guard; its time-out must be inside it
	 * @param verdict what the outcome says; a failed call counts as a failure
	 * @return the call's outcome; {@link BreakerOpen} if it was not begun
	 */
	public <T> Mono<T> guard(AccountId account, Family family, Side side, Mono<T> call, Function<T, Verdict> verdict) {
		return Mono.defer(() -> {
			CircuitBreaker breaker = breaker(account, family, side);
			if (!breaker.tryAcquirePermission()) {
				return Mono.error(new BreakerOpen(this.config.getWaitIntervalFunctionInOpenState().apply(1)));
			}
			long start = breaker.getCurrentTimestamp();
			return call.doOnNext((outcome) -> record(breaker, start, verdict.apply(outcome)))
				.doOnError((failure) -> breaker.onError(since(breaker, start), breaker.getTimestampUnit(), failure))
				.doOnCancel(breaker::releasePermission);
		});
	}

	private CircuitBreaker breaker(AccountId account, Family family, Side side) {
		return this.registry.circuitBreaker(account + "-" + family.label() + "-" + side);
	}

	private static void record(CircuitBreaker breaker, long start, Verdict verdict) {
		TimeUnit unit = breaker.getTimestampUnit();
		switch (verdict) {
			case SUCCESS -> breaker.onSuccess(since(breaker, start), unit);
			case FAILURE -> breaker.onError(since(breaker, start), unit, new UpstreamFailed());
			case IGNORED -> breaker.releasePermission();
		}
	}

	private static long since(CircuitBreaker breaker, long start) {
		return breaker.getCurrentTimestamp() - start;
	}

	private static final class UpstreamFailed extends RuntimeException {

		UpstreamFailed() {
			super("upstream failed", null, false, false);
		}

	}

}
