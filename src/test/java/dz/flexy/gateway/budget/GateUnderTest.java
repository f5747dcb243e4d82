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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gate of an account with 120 calls in 58 s, in virtual time: three sends at once,
 * then one call every half second.
 */
final class GateUnderTest implements AutoCloseable {

	static final Duration SPACING = Duration.ofMillis(500);

	private static final Duration LONG = Duration.ofMinutes(5);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

	private final PlayedRows rows = new PlayedRows(this.time);

	private final Gate gate;

	private final Disposable running;

	/** Of 120 calls in 58 seconds. */
	GateUnderTest() {
		this(120);
	}

	private GateUnderTest(int limit) {
		Account account = new Account(new AccountId("main"), new UpstreamKey("key"), limit, Duration.ofSeconds(58),
				KeyType.PRODUCTION, false);
		this.gate = new Gate(account, this.rows, () -> this.time.now(TimeUnit.NANOSECONDS));
		this.running = this.gate.looks().startWith(0L).concatMap((look) -> this.gate.exchange(), 0).subscribe();
	}

	/** After the first answer, with the burst that it took given back. */
	static GateUnderTest heard() {
		return heard(120);
	}

	/** The same with another limit. */
	static GateUnderTest heard(int limit) {
		GateUnderTest gate = new GateUnderTest(limit);
		Permit first = gate.granted(Lane.SEND);
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

	/**
	 * One that is given at once. Nothing comes later unless time passes, so it does not
	 * wait.
	 */
	Permit granted(Lane lane) {
		CompletableFuture<Permit> permit = acquire(lane);
		assertThat(permit).isCompleted();
		return permit.join();
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
