package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import dz.flexy.gateway.account.Account;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * The queue before one account's {@link Pace}. Guarded by itself; wakes its waiters
 * outside the lock.
 */
final class Gate {

	/** Spreads the calls of several replicas after a block ends. */
	private static final Duration JITTER = Duration.ofMillis(250);

	private static final Duration BLOCK_WITHOUT_RESET = Duration.ofSeconds(5);

	private final Deque<MonoSink<Permit>> waiting = new ArrayDeque<>();

	private final LongSupplier nanoTime;

	private Pace pace;

	private long wakeAt = Long.MAX_VALUE;

	Gate(Account account, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.pace = Pace.of(account.limit(), account.window(), nanoTime.getAsLong());
	}

	Mono<Permit> acquire(Duration longestWait) {
		return Mono.<Permit>create((sink) -> enter(sink, longestWait))
			.timeout(longestWait.plusMillis(1))
			.onErrorMap(TimeoutException.class, (late) -> new BudgetExhausted(timeFor(0)));
	}

	Duration timeFor(long calls) {
		return Duration.ofNanos(waitFor(calls));
	}

	/**
	 * A 429 rests for its {@code Retry-After}, else until the window ends (contract
	 * section 8); a used-up window rests to its end in any case.
	 */
	void observe(RateLimitHeaders headers) {
		if (headers.limited()) {
			lower(0, headers.retryAfter().or(headers::reset).orElse(BLOCK_WITHOUT_RESET).plus(jitter()));
		}
		headers.reset()
			.ifPresent((reset) -> headers.remaining()
				.ifPresent((remaining) -> lower(remaining, (remaining == 0) ? reset.plus(jitter()) : reset)));
	}

	private static Duration jitter() {
		return Duration.ofNanos(ThreadLocalRandom.current().nextLong(JITTER.toNanos()));
	}

	private synchronized void lower(int remaining, Duration until) {
		long now = this.nanoTime.getAsLong();
		this.pace = this.pace.lowered(remaining, now + until.toNanos(), now);
	}

	private void enter(MonoSink<Permit> sink, Duration longestWait) {
		long wait = waitFor(0);
		if (wait > longestWait.toNanos()) {
			sink.error(new BudgetExhausted(Duration.ofNanos(wait)));
			return;
		}
		sink.onDispose(() -> leave(sink));
		synchronized (this) {
			this.waiting.addLast(sink);
		}
		drain();
	}

	private synchronized void leave(MonoSink<Permit> sink) {
		this.waiting.remove(sink);
	}

	private synchronized long waitFor(long callsBefore) {
		long now = this.nanoTime.getAsLong();
		return this.pace.next(now) - now + this.pace.spacing() * (this.waiting.size() + callsBefore);
	}

	private void drain() {
		admit().forEach(Runnable::run);
	}

	/** Hands the permits over once run. */
	private synchronized List<Runnable> admit() {
		List<Runnable> admitted = new ArrayList<>();
		long now = this.nanoTime.getAsLong();
		while (!this.waiting.isEmpty() && this.pace.next(now) <= now) {
			MonoSink<Permit> sink = this.waiting.removeFirst();
			admitted.add(() -> sink.success(new Permit(() -> giveBack(now))));
			this.pace = this.pace.taken(now);
		}
		if (!this.waiting.isEmpty()) {
			wake(now, this.pace.next(now));
		}
		return admitted;
	}

	private void wake(long now, long at) {
		if (at < this.wakeAt) {
			this.wakeAt = at;
			Schedulers.parallel().schedule(this::woken, at - now, TimeUnit.NANOSECONDS);
		}
	}

	private void woken() {
		synchronized (this) {
			this.wakeAt = Long.MAX_VALUE;
		}
		drain();
	}

	private void giveBack(long givenAt) {
		synchronized (this) {
			this.pace = this.pace.returned(givenAt);
		}
		drain();
	}

}
