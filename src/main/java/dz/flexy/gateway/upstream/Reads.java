package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import dz.flexy.gateway.budget.Lane;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedTimeLimiterMetrics;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * What Resilience4j adds to reads and to nothing else: a time limit, and one repeat where
 * a caller waits. Sweeps, look-ups of orders and refreshes come again by themselves, and
 * a purchase is never repeated.
 */
@Component
class Reads {

	/** Before the repeat, where the answer does not say. */
	private static final Duration BACKOFF = Duration.ofMillis(300);

	private final TimeLimiterRegistry limiters = TimeLimiterRegistry.ofDefaults();

	private final RetryRegistry retries = RetryRegistry.of(RetryConfig.<Tried<?>>custom()
		.maxAttempts(2)
		.retryOnResult(Tried::again)
		.retryOnException((failure) -> false)
		.intervalBiFunction((attempt, tried) -> tried.get().pause().orElse(BACKOFF).toMillis())
		.build());

	private final Clock clock;

	Reads(MeterRegistry meters, Clock clock) {
		this.clock = clock;
		TaggedTimeLimiterMetrics.ofTimeLimiterRegistry(this.limiters).bindTo(meters);
		TaggedRetryMetrics.ofRetryRegistry(this.retries).bindTo(meters);
	}

	/**
	 * Ends an exchange that takes longer with a {@code TimeoutException}. Belongs inside
	 * the breaker, which would not see it otherwise.
	 */
	<A> Function<Mono<A>, Mono<A>> limited(String endpoint, Duration limit) {
		return (exchange) -> exchange.transformDeferred(TimeLimiterOperator.of(limiter(endpoint, limit)));
	}

	/**
	 * Tries, and in the lookup lane once more if the upstream failed, after the pause
	 * that it asked for. One that does not fit into what is left of the longest wait is
	 * not waited for: the first outcome stands. Belongs outside breaker and budget: each
	 * try has a permission and a permit of its own.
	 * @param attempt one try, with what is left of the longest wait
	 */
	<T> Mono<Outcome<T>> repeated(Call call, String endpoint, Function<Call, Mono<Outcome<T>>> attempt) {
		if (call.lane() != Lane.LOOKUP) {
			return attempt.apply(call);
		}
		return Mono.defer(() -> {
			long start = this.clock.monotonicTime();
			return Mono.defer(() -> attempt.apply(within(call, left(call, start))))
				.map((outcome) -> Tried.of(outcome, left(call, start)))
				.transformDeferred(RetryOperator.of(this.retries.retry(endpoint)))
				.map(Tried::outcome);
		});
	}

	private TimeLimiter limiter(String endpoint, Duration limit) {
		return this.limiters.timeLimiter(endpoint,
				() -> TimeLimiterConfig.custom().timeoutDuration(limit).cancelRunningFuture(true).build());
	}

	private Duration left(Call call, long start) {
		Duration left = call.longestWait().minusNanos(this.clock.monotonicTime() - start);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private static Call within(Call call, Duration left) {
		return new Call(call.account(), call.lane(), left);
	}

	/**
	 * What a try came to.
	 *
	 * @param pause before the next one; empty if there should be none
	 */
	private record Tried<T>(Outcome<T> outcome, Optional<Duration> pause) {

		static <T> Tried<T> of(Outcome<T> outcome, Duration left) {
			return new Tried<>(outcome, pause(outcome).filter((pause) -> pause.compareTo(left) < 0));
		}

		boolean again() {
			return this.pause.isPresent();
		}

		private static Optional<Duration> pause(Outcome<?> outcome) {
			return switch (outcome) {
				case Outcome.Success<?> success -> Optional.empty();
				case Outcome.Refused<?> refused -> Optional.empty();
				case Outcome.NotSent<?> notSent ->
					(notSent.fault() == Fault.UPSTREAM) ? Optional.of(notSent.retryAfter()) : Optional.empty();
				case Outcome.MayHaveActed<?> unclear -> Optional.of(unclear.retryAfter().orElse(BACKOFF));
			};
		}

	}

}
