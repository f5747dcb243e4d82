package dz.flexy.gateway.lease;

import java.time.Duration;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.test.publisher.PublisherProbe;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class JobLoopTest {

	private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@AfterEach
	void realTime() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void startsAgainAShortPauseAfterAFailure() {
		Job job = new Job(() -> Flux.error(new IllegalStateException("broken")));
		job.start();

		pass(Duration.ofMillis(99));
		assertThat(job.starts).isEqualTo(1);

		pass(Duration.ofMillis(51));
		assertThat(job.starts).isEqualTo(2);
		assertThat(restarts()).isEqualTo(2);
	}

	@Test
	void startsAgainAShortPauseAfterAnEnd() {
		Job job = new Job(Flux::empty);
		job.start();

		pass(Duration.ofMillis(99));
		assertThat(job.starts).isEqualTo(1);

		pass(Duration.ofMillis(51));
		assertThat(job.starts).isEqualTo(2);
		assertThat(restarts()).isEqualTo(2);
	}

	@Test
	void startsAgainIfTheJobCannotEvenBeBuilt() {
		Job job = new Job(() -> {
			throw new IllegalStateException("broken");
		});
		job.start();

		pass(Duration.ofMillis(150));

		assertThat(job.starts).isEqualTo(2);
	}

	@Test
	void pausesFiveSecondsAtMostHoweverOftenItFailed() {
		Job job = new Job(() -> Flux.error(new IllegalStateException("broken")));
		job.start();
		pass(Duration.ofHours(1));

		int before = job.starts;
		pass(Duration.ofSeconds(5));

		assertThat(job.starts - before).isBetween(1, 2);
		assertThat(before).isGreaterThanOrEqualTo(720);
	}

	@Test
	void pausesShortlyAgainOnceItWorked() {
		Job job = new Job(() -> Flux.error(new IllegalStateException("broken")));
		job.start();
		pass(Duration.ofMinutes(1));
		job.work = () -> Flux.just("done").concatWith(Flux.error(new IllegalStateException("broken")));
		pass(Duration.ofSeconds(6));

		int before = job.starts;
		pass(Duration.ofMillis(150));

		assertThat(job.starts - before).isGreaterThanOrEqualTo(1);
	}

	@Test
	void aStopEndsTheJob() {
		PublisherProbe<Object> running = PublisherProbe.of(Flux.never());
		Job job = new Job(running::flux);
		job.start();
		assertThat(job.isRunning()).isTrue();

		job.stop();

		running.assertWasCancelled();
		assertThat(job.isRunning()).isFalse();
	}

	@Test
	void aStopEndsThePauseToo() {
		Job job = new Job(() -> Flux.error(new IllegalStateException("broken")));
		job.start();

		job.stop();
		pass(Duration.ofMinutes(1));

		assertThat(job.starts).isEqualTo(1);
	}

	@Test
	void aSecondStartChangesNothing() {
		Job job = new Job(Flux::never);
		job.start();

		job.start();

		assertThat(job.starts).isEqualTo(1);
	}

	@Test
	void runsAgainWhenStartedAfterAStop() {
		Job job = new Job(Flux::never);
		job.start();
		job.stop();

		job.start();

		assertThat(job.starts).isEqualTo(2);
		assertThat(job.isRunning()).isTrue();
	}

	private void pass(Duration step) {
		this.time.advanceTimeBy(step);
	}

	private double restarts() {
		return this.meters.counter("gateway.loop.restarts", "loop", "job").count();
	}

	private final class Job extends JobLoop {

		private Supplier<Flux<?>> work;

		private int starts;

		Job(Supplier<Flux<?>> work) {
			super("job", JobLoopTest.this.meters);
			this.work = work;
		}

		@Override
		protected Flux<?> job() {
			this.starts++;
			return this.work.get();
		}

	}

}
