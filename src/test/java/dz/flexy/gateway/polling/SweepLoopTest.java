package dz.flexy.gateway.polling;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.lease.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class SweepLoopTest {

	private static final Duration BEAT = Duration.ofSeconds(5);

	private static final PollingProperties POLLING = new PollingProperties(BEAT, BEAT);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Account ACCOUNT = new Account(new AccountId("main"), new UpstreamKey("key"), 120,
			Duration.ofSeconds(60), KeyType.PRODUCTION, false);

	private static final Lease LEASE = new Lease("sweep-main", 1);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final AtomicBoolean running = new AtomicBoolean();

	private int sweeps;

	@Test
	void sweepsAtOnceAndThenAtEachBeat() {
		StepVerifier.withVirtualTime(() -> loop(Duration.ZERO).beats(ACCOUNT, LEASE))
			.expectSubscription()
			.thenAwait(Duration.ZERO)
			.then(() -> assertThat(this.sweeps).isEqualTo(1))
			.thenAwait(BEAT.minusMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(1))
			.thenAwait(Duration.ofMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(2))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(dropped()).isZero();
	}

	/** Begun at once and ended at 12 s: the beats at 5 s and 10 s are lost. */
	@Test
	void dropsAndCountsBeatsDuringASweep() {
		StepVerifier.withVirtualTime(() -> loop(Duration.ofSeconds(12)).beats(ACCOUNT, LEASE))
			.expectSubscription()
			.thenAwait(Duration.ofMillis(14_999))
			.then(() -> assertThat(this.sweeps).isEqualTo(1))
			.then(() -> assertThat(dropped()).isEqualTo(2))
			.thenAwait(Duration.ofMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(2))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(dropped()).isEqualTo(2);
	}

	/** Each sweep takes ten beats and a bit, so one begins every 55 s. */
	@Test
	void survivesAnHourOfSweepsTenTimesTooSlow() {
		StepVerifier.withVirtualTime(() -> loop(Duration.ofSeconds(51)).beats(ACCOUNT, LEASE))
			.expectSubscription()
			.expectNoEvent(Duration.ofHours(1))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(this.sweeps).isEqualTo(66);
		assertThat(dropped()).isEqualTo(721 - 66);
	}

	/** On a real database, where the lease is taken away behind its holder's back. */
	@Test
	void aLostLeaseBreaksOffTheSweepAndAFreeOneBeginsAnother() {
		try (LedgerUnderTest ledger = LedgerUnderTest.start()) {
			Sinks.Many<String> seen = Sinks.many().unicast().onBackpressureBuffer();
			Sweep endless = new Sweep(null, null, null, null, null, null, POLLING, Clock.systemUTC()) {

				@Override
				Mono<Swept> run(Account account, Family family, Lease lease) {
					if (family != Family.INTERNET) {
						return Mono.never();
					}
					seen.tryEmitNext("begun");
					return Mono.<Swept>never().doOnCancel(() -> seen.tryEmitNext("broken off"));
				}

			};
			SweepLoop loop = new SweepLoop(endless, ledger.bean(SlowSweep.class), ledger.bean(SweepStore.class),
					ledger.bean(Accounts.class), ledger.bean(Leases.class), POLLING, this.meters);
			Disposable running = loop.job().subscribe();

			StepVerifier.create(seen.asFlux())
				.expectNext("begun")
				.then(() -> ledger.execute("update lease set holder = 'other', token = nextval('lease_token')"))
				.expectNext("broken off")
				.then(() -> ledger.execute("update lease set expires_at = now()"))
				.expectNext("begun")
				.thenCancel()
				.verify(PATIENCE);
			running.dispose();
		}
	}

	@Test
	void aSlowSweepThatHangsHoldsUpNoOther() {
		try (LedgerUnderTest ledger = LedgerUnderTest.start()) {
			Sinks.Many<String> seen = Sinks.many().unicast().onBackpressureBuffer();
			Sweep quick = new Sweep(null, null, null, null, null, null, POLLING, Clock.systemUTC()) {

				@Override
				Mono<Swept> run(Account account, Family family, Lease lease) {
					return Mono.fromSupplier(() -> {
						seen.emitNext("swept", EmitFailureHandler.busyLooping(PATIENCE));
						return new Swept(0, 0, 0, 0, false);
					});
				}

			};
			SlowSweep endless = new SlowSweep(null, null, null, null, null, null, Clock.systemUTC()) {

				@Override
				Mono<Void> run(Account account, Lease lease) {
					return Mono.never();
				}

			};
			SweepLoop loop = new SweepLoop(quick, endless, ledger.bean(SweepStore.class), ledger.bean(Accounts.class),
					ledger.bean(Leases.class), new PollingProperties(Duration.ofMillis(50), BEAT), this.meters);
			Disposable running = loop.job().subscribe();

			StepVerifier.create(seen.asFlux().take(12)).expectNextCount(12).expectComplete().verify(PATIENCE);
			running.dispose();
		}
	}

	private SweepLoop loop(Duration time) {
		return new SweepLoop(null, null, null, null, null, POLLING, this.meters) {

			@Override
			Mono<Void> sweep(Account account, Lease lease, AtomicLong dropped) {
				return Mono.defer(() -> {
					assertThat(SweepLoopTest.this.running.compareAndSet(false, true)).as("one at a time").isTrue();
					SweepLoopTest.this.sweeps++;
					return Mono.delay(time).doOnNext((over) -> SweepLoopTest.this.running.set(false)).then();
				});
			}

		};
	}

	private double dropped() {
		return this.meters.counter("gateway.polling.dropped").count();
	}

}
