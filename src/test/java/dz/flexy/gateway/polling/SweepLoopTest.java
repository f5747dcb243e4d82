package dz.flexy.gateway.polling;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class SweepLoopTest {

	private static final Duration BEAT = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Account ACCOUNT = new Account(new AccountId("main"), new UpstreamKey("key"), 120,
			Duration.ofSeconds(60), KeyType.PRODUCTION, false);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final AtomicBoolean running = new AtomicBoolean();

	private int sweeps;

	@Test
	void sweepsOnceAtEachBeat() {
		StepVerifier.withVirtualTime(() -> loop(Duration.ZERO).beats(ACCOUNT))
			.expectSubscription()
			.expectNoEvent(BEAT.minusMillis(1))
			.then(() -> assertThat(this.sweeps).isZero())
			.thenAwait(Duration.ofMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(1))
			.thenAwait(BEAT.minusMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(1))
			.thenAwait(Duration.ofMillis(1))
			.then(() -> assertThat(this.sweeps).isEqualTo(2))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(dropped()).isZero();
	}

	/** Begun at 5 s and ended at 17 s: the beats at 10 s and 15 s are lost. */
	@Test
	void dropsAndCountsBeatsDuringASweep() {
		StepVerifier.withVirtualTime(() -> loop(Duration.ofSeconds(12)).beats(ACCOUNT))
			.expectSubscription()
			.thenAwait(Duration.ofMillis(19_999))
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
		StepVerifier.withVirtualTime(() -> loop(Duration.ofSeconds(51)).beats(ACCOUNT))
			.expectSubscription()
			.expectNoEvent(Duration.ofHours(1))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(this.sweeps).isEqualTo(66);
		assertThat(dropped()).isEqualTo(720 - 66);
	}

	private SweepLoop loop(Duration time) {
		return new SweepLoop(null, null, null, new PollingProperties(BEAT, BEAT), this.meters) {

			@Override
			Mono<Void> sweep(Account account) {
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
