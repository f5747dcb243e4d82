package dz.flexy.gateway.breaker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dz.flexy.gateway.breaker.Breakers.Verdict;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One circuit breaker, and what it does not know by itself: since when it is as it is,
 * and what the last probe said. Resilience4j's one permission of a half-open breaker
 * covers the probe and the call after it.
 */
final class Guard {

	/** While another call finds out. */
	private static final Duration BREATH = Duration.ofSeconds(1);

	private static final Logger log = LoggerFactory.getLogger(Guard.class);

	private final CircuitBreaker breaker;

	private final Clock clock;

	private volatile Instant since;

	private volatile Instant wellUntil = Instant.MIN;

	private volatile Instant quietUntil = Instant.MIN;

	Guard(CircuitBreaker breaker, Clock clock) {
		this.breaker = breaker;
		this.clock = clock;
		this.since = clock.instant();
		breaker.getEventPublisher().onStateTransition((event) -> changed(event.getStateTransition()));
	}

	<T> Mono<T> call(Mono<T> probe, Mono<T> call, Function<T, Verdict> verdict) {
		return Mono.defer(() -> {
			if (isQuiet() || !this.breaker.tryAcquirePermission()) {
				return Mono.error(new BreakerOpen(retryAfter()));
			}
			Permission permission = new Permission(this.breaker);
			return (permission.isTrial() ? probed(probe, call, verdict) : call)
				.doOnNext((outcome) -> permission.settle(verdict.apply(outcome)))
				.doOnError((failure) -> permission.settle(Verdict.FAILURE))
				.doFinally((signal) -> permission.settle(Verdict.IGNORED));
		});
	}

	/** When a refused call may try again; zero if it need not wait. */
	Duration retryAfter() {
		if (isQuiet()) {
			return left(this.quietUntil);
		}
		return switch (this.breaker.getState()) {
			case OPEN -> left(this.since.plus(Breakers.REST));
			case HALF_OPEN -> BREATH;
			default -> Duration.ZERO;
		};
	}

	/** For how long every call is refused. */
	Duration rest() {
		return (isQuiet() || this.breaker.getState() == CircuitBreaker.State.OPEN) ? retryAfter() : Duration.ZERO;
	}

	Instant since() {
		return this.since;
	}

	CircuitBreaker breaker() {
		return this.breaker;
	}

	/**
	 * The call, once a probe has said that the upstream is well; its word holds as long
	 * as an open breaker rests. One that says nothing is not repeated for as long.
	 */
	private <T> Mono<T> probed(Mono<T> probe, Mono<T> call, Function<T, Verdict> verdict) {
		if (this.clock.instant().isBefore(this.wellUntil)) {
			return call;
		}
		return probe.doOnNext((instead) -> {
			if (verdict.apply(instead) == Verdict.IGNORED) {
				this.quietUntil = this.clock.instant().plus(Breakers.REST);
			}
		}).switchIfEmpty(Mono.defer(() -> {
			this.wellUntil = this.clock.instant().plus(Breakers.REST);
			return call;
		}));
	}

	private boolean isQuiet() {
		return this.clock.instant().isBefore(this.quietUntil);
	}

	private Duration left(Instant until) {
		Duration left = Duration.between(this.clock.instant(), until);
		return left.isNegative() ? Duration.ZERO : left;
	}

	private void changed(StateTransition transition) {
		this.since = this.clock.instant();
		if (transition.getToState() == State.OPEN) {
			log.warn("breaker {} {} -> OPEN, rests {}", this.breaker.getName(), transition.getFromState(),
					Breakers.REST);
		}
		else {
			log.info("breaker {} {} -> {}", this.breaker.getName(), transition.getFromState(), transition.getToState());
		}
	}

	/**
	 * The right to one call. It is settled once, and only in the state in which it was
	 * had: what a call of better days comes to says nothing of a half-open breaker, and
	 * giving its permission back there would let a second call through.
	 */
	private static final class Permission {

		private final AtomicBoolean settled = new AtomicBoolean();

		private final CircuitBreaker breaker;

		private final State state;

		private final long start;

		Permission(CircuitBreaker breaker) {
			this.breaker = breaker;
			this.state = breaker.getState();
			this.start = breaker.getCurrentTimestamp();
		}

		boolean isTrial() {
			return this.state == State.HALF_OPEN;
		}

		/** Ignored means given back: neither success nor failure. */
		void settle(Verdict verdict) {
			if (!this.settled.compareAndSet(false, true) || this.breaker.getState() != this.state) {
				return;
			}
			record(verdict, this.breaker.getCurrentTimestamp() - this.start);
		}

		/**
		 * One thread at a time: the breaker's own lock parks one that meets another
		 * there, and this one may be an event loop.
		 */
		private void record(Verdict verdict, long took) {
			synchronized (this.breaker) {
				switch (verdict) {
					case SUCCESS -> this.breaker.onSuccess(took, this.breaker.getTimestampUnit());
					case FAILURE -> this.breaker.onError(took, this.breaker.getTimestampUnit(), new UpstreamFailed());
					case IGNORED -> this.breaker.releasePermission();
				}
			}
		}

	}

	private static final class UpstreamFailed extends RuntimeException {

		UpstreamFailed() {
			super("upstream failed", null, false, false);
		}

	}

}
