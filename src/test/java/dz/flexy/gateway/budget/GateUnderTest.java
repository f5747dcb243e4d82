package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gate of an account with twelve calls in ten seconds, in virtual time: a burst of
 * two, then one a second.
 */
final class GateUnderTest {

	static final Duration SPACING = Duration.ofSeconds(1);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

	private final Gate gate = new Gate(new Account(new AccountId("main"), new UpstreamKey("key"), 12,
			Duration.ofSeconds(10), KeyType.PRODUCTION, false), () -> this.time.now(TimeUnit.NANOSECONDS));

	void burst() {
		assertThat(acquire()).isCompleted();
		assertThat(acquire()).isCompleted();
	}

	CompletableFuture<Permit> acquire() {
		return acquire(LONG);
	}

	CompletableFuture<Permit> acquire(Duration longestWait) {
		return this.gate.acquire(longestWait).toFuture();
	}

	Duration timeFor(long calls) {
		return this.gate.timeFor(calls);
	}

	void pass(Duration step) {
		this.time.advanceTimeBy(step);
	}

	/** An answer at the epoch. */
	void told(int status, String remaining, String reset, String retryAfter) {
		this.gate.observe(RateLimitHeaders.read(status, Optional.ofNullable(remaining), Optional.ofNullable(reset),
				Optional.ofNullable(retryAfter), Instant.EPOCH));
	}

}
