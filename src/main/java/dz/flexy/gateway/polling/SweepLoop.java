package dz.flexy.gateway.polling;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.lease.Leases;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Sweeps each account at a steady beat, on one replica at a time: its lease is kept by a
 * beat of its own, however long a sweep takes. A beat that finds the last sweep still
 * running is dropped and counted.
 */
@Component
class SweepLoop extends JobLoop {

	private static final Logger log = LoggerFactory.getLogger(SweepLoop.class);

	/** A dead sweeper is replaced after this time and a second. */
	private static final Duration LEASE = Duration.ofSeconds(5);

	/** How often it is asked whether this replica may sweep at all. */
	private static final Duration LOOK = Duration.ofSeconds(1);

	/** Nothing that a sweep waits for may stop all later ones. */
	private static final Duration LONGEST_SWEEP = Duration.ofMinutes(3);

	/** What people look at must not hold up what orders wait for. */
	private static final Duration NOTING = Duration.ofSeconds(1);

	private final Sweep sweep;

	private final SlowSweep slow;

	private final SweepStore notes;

	private final Accounts accounts;

	private final Leases leases;

	private final Duration beat;

	private final MeterRegistry meters;

	private final Counter dropped;

	SweepLoop(Sweep sweep, SlowSweep slow, SweepStore notes, Accounts accounts, Leases leases,
			PollingProperties properties, MeterRegistry meters) {
		super("sweep", meters);
		this.sweep = sweep;
		this.slow = slow;
		this.notes = notes;
		this.accounts = accounts;
		this.leases = leases;
		this.beat = properties.sweep();
		this.meters = meters;
		this.dropped = PollingMeter.DROPPED.counter(meters);
	}

	@Override
	protected Flux<?> job() {
		return Flux.fromIterable(this.accounts.all()).flatMap(this::follow, Integer.MAX_VALUE);
	}

	/** A lost lease breaks off the sweep under way. */
	private Flux<Void> follow(Account account) {
		return Flux.interval(Duration.ZERO, LOOK)
			.onBackpressureDrop()
			.concatMap((look) -> this.accounts.leftToOthers(account))
			.distinctUntilChanged()
			.switchMap((left) -> left ? Flux.just(Optional.<Lease>empty())
					: this.leases.hold("sweep-" + account.id(), LEASE))
			.switchMap((held) -> held.map((lease) -> Flux.merge(beats(account, lease), slowBeats(account, lease)))
				.orElseGet(Flux::never));
	}

	/** Apart from the others, so that neither waits for the other's calls. */
	private Flux<Void> slowBeats(Account account, Lease lease) {
		return Flux.interval(Duration.ZERO, this.beat)
			.onBackpressureDrop()
			.concatMap((tick) -> this.slow.run(account, lease).timeout(LONGEST_SWEEP).onErrorResume((failure) -> {
				log.warn("slow sweep of account {} failed: {}", account.id(), failure.toString());
				return Mono.empty();
			}), 0);
	}

	Flux<Void> beats(Account account, Lease lease) {
		return Flux.defer(() -> {
			AtomicLong dropped = new AtomicLong();
			return Flux.interval(Duration.ZERO, this.beat).onBackpressureDrop((tick) -> {
				dropped.incrementAndGet();
				this.dropped.increment();
			}).concatMap((tick) -> sweep(account, lease, dropped), 0);
		});
	}

	/** Side by side: one family that hangs must not hold up another. */
	Mono<Void> sweep(Account account, Lease lease, AtomicLong dropped) {
		return Flux.fromIterable(Family.SOLD).flatMap((family) -> sweep(account, family, lease, dropped)).then();
	}

	private void meter(Account account, Family family, Duration took, Swept swept) {
		PollingMeter.SWEEPS
			.timer(this.meters, "account", account.id().value(), "family", family.label(), "result",
					swept.failed() ? "failed" : "done")
			.record(took);
		PollingMeter.orders(this.meters, "quick", family, swept.found(), swept.missed());
	}

	private Mono<Void> sweep(Account account, Family family, Lease lease, AtomicLong dropped) {
		return this.sweep.run(account, family, lease).timeout(LONGEST_SWEEP).onErrorResume((failure) -> {
			log.warn("{} sweep of account {} failed: {}", family.label(), account.id(), failure.toString());
			return Mono.just(Swept.FAILED);
		})
			.elapsed()
			.doOnNext((swept) -> meter(account, family, Duration.ofMillis(swept.getT1()), swept.getT2()))
			.flatMap((swept) -> this.notes
				.note(account.id(), family, Duration.ofMillis(swept.getT1()), swept.getT2(), dropped.get())
				.timeout(NOTING)
				.onErrorComplete());
	}

}
