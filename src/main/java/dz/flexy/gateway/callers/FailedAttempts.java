package dz.flexy.gateway.callers;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Words and counts what is said to those who show no good key. Unknown keys are limited
 * per {@link Network}, in this replica; a request without a key guesses nothing and is
 * only metered.
 */
@Component
class FailedAttempts {

	/** Some megabytes. Beyond it networks are forgotten, and their count with them. */
	private static final int MOST_NETWORKS = 10_000;

	private static final Logger log = LoggerFactory.getLogger(FailedAttempts.class);

	private final Cache<Network, Failures> failures;

	private final FailedAttemptsProperties properties;

	private final MeterRegistry meters;

	private final Clock clock;

	FailedAttempts(FailedAttemptsProperties properties, MeterRegistry meters, Clock clock) {
		this.properties = properties;
		this.meters = meters;
		this.clock = clock;
		List.of("missing", "unknown", "limited")
			.forEach((reason) -> CallerMeter.FAILURES.counter(meters, "reason", reason));
		this.failures = Caffeine.newBuilder().maximumSize(MOST_NETWORKS).expireAfterWrite(properties.window()).build();
	}

	/** 401 {@code MISSING_ACCESS_TOKEN}. */
	Problem missing() {
		count("missing");
		return Problem.of(ErrorCode.MISSING_ACCESS_TOKEN, "the header X-Access-Token is required").money(false, true);
	}

	/**
	 * Counts one unknown key.
	 * @param peer who showed it
	 * @return 401 {@code INVALID_ACCESS_TOKEN} with {@code attemptsLeft}, as upstream
	 * (contract section 2.2), or 429 with the rest of the window once none was left
	 */
	Problem unknown(@Nullable InetSocketAddress peer) {
		return unknown(peer, ErrorCode.INVALID_ACCESS_TOKEN, "the access key is not known");
	}

	/**
	 * Counts one ticket or cookie that lets nobody in, as an unknown key.
	 * @param peer who showed it
	 * @return 401 {@code INVALID_TICKET}, or 429 likewise
	 */
	Problem unknownTicket(@Nullable InetSocketAddress peer) {
		return unknown(peer, ErrorCode.INVALID_TICKET,
				"the ticket is unknown, used or over; ask who gave it to you for another");
	}

	private Problem unknown(@Nullable InetSocketAddress peer, ErrorCode code, String message) {
		Network network = Network.of(peer);
		Instant now = this.clock.instant();
		Failures seen = this.failures.asMap()
			.merge(network, new Failures(now, 1), (earlier, first) -> next(earlier, now));
		long left = this.properties.limit() - seen.count();
		if (left >= 0) {
			count("unknown");
			return Problem.of(code, message).detail("attemptsLeft", left).money(false, true);
		}
		count("limited");
		if (left == -1) {
			log.warn("more than {} unknown keys from {} in {}", this.properties.limit(), network,
					this.properties.window());
		}
		return Problem.of(ErrorCode.RATE_LIMIT_EXCEEDED, "too many unknown keys from this address")
			.money(false, true)
			.retryAfter(Duration.between(now, seen.since().plus(this.properties.window())));
	}

	/** Networks that are remembered. */
	int networks() {
		this.failures.cleanUp();
		return this.failures.asMap().size();
	}

	private Failures next(Failures earlier, Instant now) {
		boolean over = !now.isBefore(earlier.since().plus(this.properties.window())) || now.isBefore(earlier.since());
		return over ? new Failures(now, 1) : new Failures(earlier.since(), earlier.count() + 1);
	}

	private void count(String reason) {
		CallerMeter.FAILURES.counter(this.meters, "reason", reason).increment();
	}

	private record Failures(Instant since, long count) {
	}

}
