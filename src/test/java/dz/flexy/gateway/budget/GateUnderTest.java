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
import reactor.core.Disposable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * The gate of an account with 120 calls in 58 s, in virtual time: three sends at once,
 * then one call every half second.
 */
final class GateUnderTest implements AutoCloseable {

	static final Duration SPACING = Duration.ofMillis(500);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

	private final PlayedRows rows = new PlayedRows(this.time);

	private final Account account = new Account(new AccountId("main"), new UpstreamKey("key"), 120,
			Duration.ofSeconds(58), KeyType.PRODUCTION, false);

	private final Gate gate = new Gate(this.account, this.rows, () -> this.time.now(TimeUnit.NANOSECONDS));

	private final Disposable running = this.gate.looks()
		.startWith(0L)
		.concatMap((look) -> this.gate.exchange(), 0)
		.subscribe();

	/** After the first answer, with the burst that it took given back. */
	static GateUnderTest heard() {
		GateUnderTest gate = new GateUnderTest();
		Permit first = gate.acquire(Lane.SEND).join();
		first.begin();
		gate.told(200, null, null, null);
		first.answered();
		first.close();
		gate.pass(Duration.ofMinutes(2));
		return gate;
	}

	Gate gate() {
		return this.gate;
	}

	PlayedRows rows() {
		return this.rows;
	}

	CompletableFuture<Permit> acquire(Lane lane) {
		return acquire(lane, LONG);
	}

	CompletableFuture<Permit> acquire(Lane lane, Duration longestWait) {
		CompletableFuture<Permit> permit = this.gate.acquire(lane, longestWait).toFuture();
		this.time.advanceTime();
		return permit;
	}

	void pass(Duration step) {
		this.time.advanceTimeBy(step);
	}

	/** An answer at the epoch. */
	void told(int status, String remaining, String reset, String retryAfter) {
		this.gate.observe(RateLimitHeaders.read(status, Optional.empty(), Optional.ofNullable(remaining),
				Optional.ofNullable(reset), Optional.ofNullable(retryAfter), Instant.EPOCH, Duration.ofMinutes(1)));
	}

	@Override
	public void close() {
		this.running.dispose();
		VirtualTimeScheduler.reset();
	}

}
