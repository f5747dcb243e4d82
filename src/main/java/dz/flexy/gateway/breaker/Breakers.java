package dz.flexy.gateway.breaker;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * hide sends that fail. Each replica has its own.
 */
@Component
public class Breakers {

	/** How long an open breaker lets nothing through. */
	public static final Duration REST = Duration.ofSeconds(5);

	/** What a call does: only reads may be repeated. */
	public enum Side {

		/** Changes nothing upstream. */
		READ,
		/** May buy. */
		SEND;

		/**
		 * Lower-case name for tags and JSON.
		 * @return for example {@code send}
		 */
		public String label() {
			return name().toLowerCase(Locale.ROOT);
		}

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

	private record Name(AccountId account, Family family, Side side) {

		@Override
		public String toString() {
			return this.account + "-" + this.family.label() + "-" + this.side.label();
		}

		Map<String, String> tags() {
			return Map.of("account", this.account.value(), "family", this.family.label(), "side", this.side.label());
		}

	}

	private final Map<Name, Guard> guards = new ConcurrentHashMap<>();

	private final CircuitBreakerRegistry registry;

	private final Clock clock;

	Breakers(MeterRegistry meters, Clock clock) {
		this.clock = clock;
		this.registry = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
			.slidingWindowType(SlidingWindowType.COUNT_BASED)
			.slidingWindowSize(20)
			.minimumNumberOfCalls(10)
			.failureRateThreshold(50)
			.waitDurationInOpenState(REST)
			.permittedNumberOfCallsInHalfOpenState(1)
			.clock(clock)
			.build());
		TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(this.registry).bindTo(meters);
	}

	/**
	 * Guards one call that may itself be the one to find out whether the upstream is
	 * back.
	 * @param <T> the call's outcome
	 * @param account whose call
	 * @param family of which product
	 * @param side read or send
	 * @param call what to guard; its time-out must be inside it
	 * @param verdict what the outcome says; a failed call counts as a failure
	 * @return the call's outcome; {@link BreakerOpen} if it was not begun
	 */
	public <T> Mono<T> guard(AccountId account, Family family, Side side, Mono<T> call, Function<T, Verdict> verdict) {
		return guard(account, family, side, Mono.empty(), call, verdict);
	}

	/**
	 * Guards one call that is not to be the first after a failure. The permission is
	 * taken on subscription, before anything else. Of the calls that come to a half-open
	 * breaker one gets it, runs the probe and, if that found the upstream well, the call;
	 * the others are refused meanwhile. A cancel, at any time, gives the permission back
	 * uncounted, and so does a call that completes empty.
	 * @param <T> the call's outcome
	 * @param account whose call
	 * @param family of which product
	 * @param side read or send
	 * @param probe run only on a half-open breaker, and not again within {@link #REST}
	 * after it found the upstream well or said nothing; completes empty if the upstream
	 * is well, else emits the outcome to give instead of the call's; its time-out must be
	 * inside it
	 * @param call what to guard; its time-out must be inside it
	 * @param verdict what the outcome says; a failed probe or call counts as a failure
	 * @return the call's outcome, or the probe's; {@link BreakerOpen} if neither was
	 * begun
	 */
	public <T> Mono<T> guard(AccountId account, Family family, Side side, Mono<T> probe, Mono<T> call,
			Function<T, Verdict> verdict) {
		return guard(new Name(account, family, side)).call(probe, call, verdict);
	}

	/**
	 * For how long every such call would be refused.
	 * @param account whose calls
	 * @param family of which product
	 * @param side read or send
	 * @return zero if one may be tried now
	 */
	public Duration rest(AccountId account, Family family, Side side) {
		Guard guard = this.guards.get(new Name(account, family, side));
		return (guard != null) ? guard.rest() : Duration.ZERO;
	}

	/**
	 * Whether all such calls are let through at present, so that none keeps the others
	 * from finding out whether the upstream is back.
	 * @param account whose calls
	 * @param family of which product
	 * @param side read or send
	 * @return whether the breaker is closed
	 */
	public boolean isClosed(AccountId account, Family family, Side side) {
		Guard guard = this.guards.get(new Name(account, family, side));
		return guard == null || guard.breaker().getState() == CircuitBreaker.State.CLOSED;
	}

	/**
	 * How the breakers of this replica stand.
	 * @return of all that were asked so far, by account, family and side
	 */
	public List<BreakerReport> reports() {
		return this.guards.entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> entry.getKey().toString()))
			.map((entry) -> BreakerReport.of(entry.getKey().tags(), entry.getValue()))
			.toList();
	}

	private Guard guard(Name name) {
		return this.guards.computeIfAbsent(name,
				(key) -> new Guard(this.registry.circuitBreaker(key.toString(), key.tags()), this.clock));
	}

}
