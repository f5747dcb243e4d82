package dz.flexy.gateway.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/**
 * How one breaker stands.
 *
 * @param account whose calls
 * @param family of which product
 * @param side {@code read} or {@code send}
 * @param state {@code CLOSED}, {@code OPEN} or {@code HALF_OPEN}; an open one stays so
 * until a call comes
 * @param failureRate percent of the last 20 calls, {@code null} while fewer than 10 count
 * @param calls of the last 20 that count
 * @param failed how many of those failed
 * @param since when it came to this state
 * @param retryAfter when a refused call may try again, zero if it need not wait
 */
public record BreakerReport(String account, String family, String side, String state, @Nullable Float failureRate,
		int calls, int failed, Instant since, Duration retryAfter) {

	static BreakerReport of(Map<String, String> tags, Guard guard) {
		CircuitBreaker breaker = guard.breaker();
		CircuitBreaker.Metrics metrics = breaker.getMetrics();
		float rate = metrics.getFailureRate();
		return new BreakerReport(Objects.requireNonNull(tags.get("account")),
				Objects.requireNonNull(tags.get("family")), Objects.requireNonNull(tags.get("side")),
				breaker.getState().name(), (rate >= 0) ? rate : null, metrics.getNumberOfBufferedCalls(),
				metrics.getNumberOfFailedCalls(), guard.since(), guard.retryAfter());
	}

}
