package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class StandingLoopTest {

	private static final Duration BEAT = Duration.ofMillis(500);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

	private final Signals signals = new Signals();

	private Mono<Void> reading = Mono.empty();

	private int standings;

	private int stops;

	private final StandingLoop loop = new StandingLoop(accounts(), sendStops(), this.signals,
			new SimpleMeterRegistry());

	@AfterEach
	void realTime() {
		this.loop.stop();
		VirtualTimeScheduler.reset();
	}

	@Test
	void readsAtOnceAndThenTwiceASecond() {
		this.loop.start();
		this.time.advanceTimeBy(Duration.ZERO);
		assertRead(1);

		this.time.advanceTimeBy(BEAT.minusMillis(1));
		assertRead(1);

		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertRead(2);
	}

	@Test
	void readsAtEachSignal() {
		this.loop.start();
		this.time.advanceTimeBy(Duration.ZERO);

		this.signals.raise(Accounts.CHANGED);

		assertRead(2);
	}

	@Test
	void aReadingThatFailsKeepsNoneFromBeingRead() {
		this.reading = Mono.error(new IllegalStateException("no database"));
		this.loop.start();
		this.time.advanceTimeBy(Duration.ZERO);

		this.time.advanceTimeBy(BEAT);

		assertRead(2);
	}

	private void assertRead(int times) {
		assertThat(this.standings).isEqualTo(times);
		assertThat(this.stops).isEqualTo(times);
	}

	private Accounts accounts() {
		AccountsProperties.Settings main = new AccountsProperties.Settings(new UpstreamKey("key"), 120,
				Duration.ofSeconds(60), KeyType.PRODUCTION, false);
		return new Accounts(new AccountsProperties(Map.of("main", main)), null, null, new Replicas(), this.signals,
				new SettableClock()) {

			@Override
			Mono<Void> refresh() {
				return Mono.defer(() -> {
					StandingLoopTest.this.standings++;
					return StandingLoopTest.this.reading;
				});
			}

		};
	}

	private SendStops sendStops() {
		return new SendStops(null, this.signals) {

			@Override
			Mono<Void> refresh() {
				return Mono.fromRunnable(() -> StandingLoopTest.this.stops++);
			}

		};
	}

}
