package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.budget.Batch.Answered;
import dz.flexy.gateway.budget.Batch.Over;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.event.RateLimiterOnFailureEvent;
import io.github.resilience4j.ratelimiter.event.RateLimiterOnSuccessEvent;
import io.github.resilience4j.ratelimiter.internal.RateLimiterEventProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * One account's gate in this replica: those who wait for a permit, and the exchange of
 * what was used for what may be used with the row that all replicas share. One exchange
 * at a time takes along all that came together since the last. Guarded by itself; tells
 * its waiters outside the lock.
 */
final class Gate implements RateLimiter {

	/**
	 * How long a permit may be used: what a stop of all replicas leaks is a second's
	 * permits.
	 */
	private static final long VALID = TimeUnit.SECONDS.toNanos(1);

	/**
	 * What is not over is spoken of again, well before {@link Usage#HELD} is over and
	 * before a permit with which no call has begun yet is lost.
	 */
	private static final long RENEWAL = TimeUnit.MILLISECONDS.toNanos(500);

	/**
	 * A call that ended without an answer, by a time-out or a reset, may still be counted
	 * for so long: an upstream that stalls works off what it has received.
	 */
	private static final long UNCLEAR = TimeUnit.SECONDS.toNanos(15);

	/** What nobody waits for may be told a little later, together. */
	private static final long UNHURRIED = TimeUnit.MILLISECONDS.toNanos(250);

	private static final long HURRIED = TimeUnit.MILLISECONDS.toNanos(5);

	/** Spreads the calls of several replicas after a block ends. */
	private static final Duration JITTER = Duration.ofMillis(250);

	/** The row is small and near; whoever waits longer is better told. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * Other replicas that write the row at the same time make an exchange start over, so
	 * often. One that is slow, as in its first seconds, would lose to others for ever, so
	 * then it has the row for itself.
	 */
	private static final int MOST_COLLISIONS = 2;

	/** A lane whose turn is more steps away than this is not slow but must wait. */
	private static final int FAR = 4;

	/** One failure may be a moment's. */
	private static final int MOST_FAILURES = 2;

	/** After a failed exchange. */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(500);

	private static final Logger log = LoggerFactory.getLogger(Gate.class);

	private final Account account;

	private final Rate ceiling;

	private final UsageRows rows;

	private final LongSupplier nanoTime;

	private final RateLimiterConfig config;

	private final RateLimiterEventProcessor events = new RateLimiterEventProcessor();

	private final Sinks.Many<Long> looks = Sinks.many().multicast().directBestEffort();

	private final Waiting waiting = new Waiting();

	private final Tally taken;

	/** Granted and not over. */
	private final Set<Permit> open = new LinkedHashSet<>();

	private final Stock stock = new Stock();

	private List<Over> over = new ArrayList<>();

	private List<Answered> answers = new ArrayList<>();

	/** One of them stops all calls, which the other replicas must know soon. */
	private boolean stopUntold;

	private @Nullable Grant last;

	private long lastAt;

	private long untoldSince;

	private long lookAt = Long.MAX_VALUE;

	private long renewalAt = Long.MAX_VALUE;

	private long notBefore;

	private long restsUntil;

	private int failures;

	Gate(Account account, UsageRows rows, LongSupplier nanoTime) {
		this.account = account;
		this.ceiling = ceiling(account);
		this.taken = new Tally(account.window());
		this.rows = rows;
		this.nanoTime = nanoTime;
		this.config = RateLimiterConfig.custom()
			.limitForPeriod(account.limit())
			.limitRefreshPeriod(account.window())
			.timeoutDuration(Duration.ZERO)
			.build();
		this.notBefore = nanoTime.getAsLong();
		this.restsUntil = this.notBefore;
	}

	/** What an account is configured for; nothing that is heard raises it. */
	static Rate ceiling(Account account) {
		return Rate.of(account.limit(), account.window());
	}

	/** Permits that are granted and not over. */
	synchronized int leased() {
		return this.open.size();
	}

	/** Calls that wait here. */
	synchronized int waiting(Lane lane) {
		return this.waiting.counts().getOrDefault(lane, 0);
	}

	/** What the row says, with what only this replica knows. */
	synchronized BudgetGauge gauge(Look look) {
		Map<Lane, Integer> waiters = this.waiting.counts();
		Map<Lane, Integer> recent = this.taken.counts(this.nanoTime.getAsLong());
		List<LaneGauge> lanes = Arrays.stream(Lane.values())
			.map((lane) -> new LaneGauge(lane, lane.share(), waiters.getOrDefault(lane, 0),
					recent.getOrDefault(lane, 0), Duration.ofNanos(nanos(look.due().getOrDefault(lane, 0L)))))
			.toList();
		return new BudgetGauge(this.account.id(), look.rate().limit(), this.account.window(), look.used(), look.left(),
				instant(look.ends()), instant(look.blockedUntil()), lanes);
	}

	private static Optional<Instant> instant(long micros) {
		return (micros == 0) ? Optional.empty() : Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
	}

	synchronized boolean isScarce() {
		return this.last != null && this.last.isScarce();
	}

	/** Emits exactly one permit, or fails with {@link BudgetExhausted}. */
	Mono<Permit> acquire(Lane lane, Duration longestWait) {
		Mono<Permit> awaited = Mono.<Permit>create((sink) -> enter(sink, lane, longestWait))
			.timeout(longestWait.plusMillis(1))
			.onErrorMap(TimeoutException.class, (late) -> refusal("no permit in time", timeFor(lane, 0)));
		return Mono.fromSupplier(() -> takeAtHand(lane)).switchIfEmpty(awaited);
	}

	/**
	 * How long until so many calls may be made behind those who wait, at least. The lanes
	 * that get what others leave are judged by how they have moved lately.
	 */
	synchronized Duration timeFor(Lane lane, long calls) {
		long now = this.nanoTime.getAsLong();
		Grant known = this.last;
		Rate rate = (known != null) ? known.rate() : this.ceiling;
		long due = (known != null) ? this.lastAt + nanos(known.due(lane)) - now : 0;
		long least = Math.max(0, Math.max(due, this.restsUntil - now))
				+ nanos(rate.spacing()) * (this.waiting.ahead(lane) + calls);
		boolean measured = lane.compareTo(Lane.TRACK) > 0 && this.restsUntil - now <= 0;
		return Duration.ofNanos(measured ? Math.max(least, this.waiting.measured(lane, now)) : least);
	}

	/** Learns from an answer; it can only lower what is left. */
	void observe(RateLimitHeaders headers) {
		Duration jitter = Duration.ofNanos(ThreadLocalRandom.current().nextLong(JITTER.toNanos()));
		Heard heard = Heard.of(headers, jitter);
		synchronized (this) {
			long now = this.nanoTime.getAsLong();
			if (heard.blockedFor() > 0) {
				rest(now, heard.blockedFor());
				drainPermissions();
				this.stopUntold = true;
			}
			this.answers.add(new Answered(heard, now));
			untold();
		}
	}

	/** One each time that an exchange is due; never completes. */
	Flux<Long> looks() {
		return this.looks.asFlux().onBackpressureLatest();
	}

	/**
	 * Tells the shared row what became of permits and asks it for what is waited for.
	 * Does nothing if there is neither.
	 * @return completes when done; never fails: whoever waits is told instead
	 */
	Mono<Void> exchange() {
		return Mono.defer(() -> {
			Batch batch = batch();
			return batch.isEmpty() ? Mono.empty() : exchange(batch);
		});
	}

	/**
	 * Gives back what is at hand and tells what is untold; to be followed by an exchange.
	 */
	void close() {
		List<Waiter> refused;
		synchronized (this) {
			drainPermissions();
			this.stock.forget();
			refused = this.waiting.clear();
		}
		refused.forEach((waiter) -> waiter.refuse(refusal("the gateway stops", PATIENCE)));
	}

	private Mono<Void> exchange(Batch batch) {
		AtomicBoolean inDoubt = new AtomicBoolean();
		AtomicLong read = new AtomicLong();
		Function<UsageRows, Mono<Grant>> attempt = (through) -> attempt(through, batch, inDoubt, read);
		return Flux.range(0, MOST_COLLISIONS)
			.concatMap((tries) -> attempt.apply(this.rows), 1)
			.next()
			.switchIfEmpty(Mono.defer(() -> this.rows.alone(this.account.id(), attempt)))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("the row changes under its lock")))
			.timeout(PATIENCE)
			.doOnNext((grant) -> granted(batch, grant, read.get()))
			.onErrorResume((failure) -> {
				failed(batch, inDoubt.get(), failure);
				return Mono.empty();
			})
			.then();
	}

	/**
	 * Empty if another replica was faster.
	 * @param read told when the row was, by the monotonic clock, at the earliest
	 */
	private Mono<Grant> attempt(UsageRows through, Batch batch, AtomicBoolean inDoubt, AtomicLong read) {
		read.set(this.nanoTime.getAsLong());
		return through.read(this.account.id()).flatMap((row) -> {
			Grant grant = row.usage().exchange(batch.report(), this.ceiling, row.now());
			inDoubt.set(true);
			return through.write(this.account.id(), row)
				.doOnNext(inDoubt::set)
				.filter((written) -> written)
				.map((written) -> grant);
		});
	}

	private void enter(MonoSink<Permit> sink, Lane lane, Duration longestWait) {
		Waiter waiter = new Waiter(sink);
		sink.onCancel(() -> leave(lane, waiter));
		Permit ready;
		Duration wait;
		synchronized (this) {
			ready = takeAtHand(lane);
			wait = (ready != null) ? Duration.ZERO : timeFor(lane, 0);
			if (ready == null && wait.compareTo(longestWait) <= 0) {
				this.waiting.add(lane, waiter, this.nanoTime.getAsLong());
				plan();
			}
		}
		if (ready != null) {
			waiter.admit(ready);
		}
		else if (wait.compareTo(longestWait) > 0) {
			waiter.refuse(refusal("no permit in time", wait));
		}
	}

	private void leave(Lane lane, Waiter waiter) {
		synchronized (this) {
			this.waiting.remove(lane, waiter);
		}
		waiter.cancel();
	}

	private synchronized @Nullable Permit takeAtHand(Lane lane) {
		Permit permit = this.stock.take(lane);
		if (permit == null) {
			return null;
		}
		long now = this.nanoTime.getAsLong();
		this.events.consumeEvent(new RateLimiterOnSuccessEvent(getName()));
		this.taken.add(lane, now);
		if (this.stock.isLow()) {
			look(Math.max(now, this.notBefore), now);
		}
		return permit;
	}

	/** Also one that was lost on its way to somebody who just left. */
	private void closeExpired() {
		this.open.stream().filter((permit) -> !permit.isValid()).toList().forEach(Permit::abandon);
	}

	private synchronized Batch batch() {
		this.lookAt = Long.MAX_VALUE;
		closeExpired();
		long now = this.nanoTime.getAsLong();
		List<Permit> ongoing = this.open.stream().filter((permit) -> now - permit.chargedAt() >= RENEWAL / 2).toList();
		Grant known = this.last;
		Map<Lane, Integer> wanted = this.stock.wanted((known != null) ? known.rate().stock() : 0);
		this.waiting.counts().forEach((lane, waiters) -> wanted.merge(lane, waiters, Integer::sum));
		Batch batch = new Batch(this.over, ongoing, this.answers, wanted, now);
		this.over = new ArrayList<>();
		this.answers = new ArrayList<>();
		this.stopUntold = false;
		this.untoldSince = 0;
		this.renewalAt = Long.MAX_VALUE;
		if (batch.isEmpty()) {
			planRenewals();
			plan();
		}
		return batch;
	}

	private void granted(Batch batch, Grant grant, long read) {
		List<Runnable> admitted = new ArrayList<>();
		synchronized (this) {
			long now = this.nanoTime.getAsLong();
			this.last = grant;
			this.lastAt = now;
			if (grant.blockedFor() > 0) {
				rest(now, grant.blockedFor());
			}
			this.failures = 0;
			long validUntil = read + VALID;
			batch.ongoing().forEach((permit) -> permit.charged(grant.charge()));
			if (grant.blockedFor() == 0) {
				batch.ongoing()
					.stream()
					.filter((permit) -> !this.stock.has(permit))
					.forEach((permit) -> permit.renew(validUntil));
			}
			grant.permits().forEach((lane, count) -> {
				for (int i = 0; i < count; i++) {
					give(lane, new Permit(grant.charge(), validUntil, this.nanoTime, this::over), now, admitted);
				}
			});
			this.waiting.counts()
				.keySet()
				.stream()
				.filter((lane) -> grant.due(lane) > FAR * grant.rate().spacing())
				.forEach((lane) -> this.waiting.pauseUntil(lane, now + nanos(grant.due(lane))));
			planRenewals();
			plan();
		}
		admitted.forEach(Runnable::run);
	}

	private void give(Lane lane, Permit permit, long now, List<Runnable> admitted) {
		this.open.add(permit);
		if (!permit.isValid()) {
			permit.abandon();
			return;
		}
		Waiter waiter = this.waiting.poll(lane, now);
		if (waiter == null) {
			this.stock.add(permit);
			return;
		}
		this.events.consumeEvent(new RateLimiterOnSuccessEvent(getName()));
		this.taken.add(lane, now);
		this.stock.taken(lane);
		admitted.add(() -> waiter.admit(permit));
	}

	/** Without the row nothing may be sent. */
	private void failed(Batch batch, boolean inDoubt, Throwable failure) {
		log.warn("budget of account {} out of reach: {}", this.account.id(), failure.toString());
		List<Waiter> refused = List.of();
		synchronized (this) {
			this.failures++;
			this.over.addAll(inDoubt ? batch.inDoubt() : batch.over());
			this.answers.addAll(0, batch.answers());
			if (this.failures >= MOST_FAILURES) {
				refused = this.waiting.clear();
			}
			this.notBefore = this.nanoTime.getAsLong() + PAUSE;
			planRenewals();
			untold();
		}
		refused.forEach((waiter) -> waiter.refuse(refusal("the budget cannot be reached", PATIENCE)));
	}

	private synchronized void over(Permit permit) {
		this.open.remove(permit);
		this.stock.remove(permit);
		this.over.add(new Over(permit, this.nanoTime.getAsLong() + (permit.isUnclear() ? UNCLEAR : 0)));
		untold();
	}

	private void untold() {
		if (this.untoldSince == 0) {
			this.untoldSince = this.nanoTime.getAsLong();
		}
		plan();
	}

	/** What is granted later is spoken of again later. */
	private void planRenewals() {
		this.renewalAt = this.open.stream()
			.mapToLong((permit) -> permit.chargedAt() + RENEWAL)
			.min()
			.orElse(Long.MAX_VALUE);
	}

	/** Sees to it that the next exchange happens when it is due. */
	private void plan() {
		long now = this.nanoTime.getAsLong();
		Grant known = this.last;
		Map<Lane, Integer> waiters = this.waiting.counts();
		LongStream due = waiters.keySet()
			.stream()
			.mapToLong((lane) -> (known != null) ? this.lastAt + nanos(known.due(lane)) : now);
		boolean hurried = !waiters.isEmpty() || this.stopUntold;
		LongStream told = (this.over.isEmpty() && this.answers.isEmpty()) ? LongStream.empty()
				: LongStream.of(this.untoldSince + (hurried ? HURRIED : UNHURRIED));
		LongStream.concat(due, LongStream.concat(LongStream.of(this.renewalAt), told))
			.min()
			.ifPresent((next) -> look(Math.max(next, this.notBefore), now));
	}

	private void look(long at, long now) {
		if (at < this.lookAt) {
			this.lookAt = at;
			Schedulers.parallel().schedule(() -> look(at), Math.max(0, at - now), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * The latest is kept for a subscriber that is at work; an earlier one replaced this.
	 */
	private void look(long at) {
		synchronized (this) {
			if (this.lookAt != at) {
				return;
			}
		}
		synchronized (this.looks) {
			this.looks.tryEmitNext(this.nanoTime.getAsLong());
		}
	}

	private void rest(long now, long micros) {
		this.restsUntil = Math.max(this.restsUntil, now + nanos(micros));
		this.waiting.pauseUntil(this.restsUntil);
	}

	private BudgetExhausted refusal(String reason, Duration retryAfter) {
		this.events.consumeEvent(new RateLimiterOnFailureEvent(getName()));
		return new BudgetExhausted(reason, retryAfter);
	}

	@Override
	public String getName() {
		return this.account.id().value();
	}

	@Override
	public RateLimiterConfig getRateLimiterConfig() {
		return this.config;
	}

	@Override
	public Map<String, String> getTags() {
		return Map.of();
	}

	@Override
	public EventPublisher getEventPublisher() {
		return this.events;
	}

	@Override
	public Metrics getMetrics() {
		return new Metrics() {

			@Override
			public int getNumberOfWaitingThreads() {
				synchronized (Gate.this) {
					return Gate.this.waiting.counts().values().stream().mapToInt(Integer::intValue).sum();
				}
			}

			@Override
			public int getAvailablePermissions() {
				synchronized (Gate.this) {
					return Gate.this.stock.size();
				}
			}

		};
	}

	/**
	 * Takes permits at hand; never waits, for waiting is what {@link #acquire} does.
	 * Their calls count from now on, since nobody tells when they end.
	 */
	@Override
	public synchronized boolean acquirePermission(int permits) {
		closeExpired();
		List<Permit> ready = this.stock.all().stream().limit(permits).toList();
		boolean enough = ready.size() == permits;
		if (enough) {
			ready.forEach((permit) -> {
				permit.begin();
				permit.close();
			});
		}
		this.events.consumeEvent(enough ? new RateLimiterOnSuccessEvent(getName(), permits)
				: new RateLimiterOnFailureEvent(getName(), permits));
		return enough;
	}

	@Override
	public long reservePermission(int permits) {
		return acquirePermission(permits) ? 0 : -1;
	}

	/** What is at hand goes back to the row. */
	@Override
	public synchronized void drainPermissions() {
		this.stock.all().forEach(Permit::close);
	}

	@Override
	public void changeTimeoutDuration(Duration timeout) {
		throw new UnsupportedOperationException("each call has a longest wait of its own");
	}

	@Override
	public void changeLimitForPeriod(int limit) {
		throw new UnsupportedOperationException("the limit is the account's, for all replicas");
	}

	private static long nanos(long micros) {
		return TimeUnit.MICROSECONDS.toNanos(micros);
	}

}
