package dz.flexy.gateway.lease;

import java.time.Duration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.context.SmartLifecycle;

/**
 * A job that runs as long as the application. If its pipeline ends or fails it starts
 * again after a short pause, counted by {@code gateway.loop.restarts}.
 */
public abstract class JobLoop implements SmartLifecycle {

	private static final Logger log = LoggerFactory.getLogger(JobLoop.class);

	/**
	 * Before the web server at the start and behind it at the stop: requests that are
	 * being answered wait for what the loops do.
	 */
	private static final int PHASE = DEFAULT_PHASE - 4096;

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	private final String name;

	private final Counter restarts;

	private @Nullable Disposable running;

	/**
	 * A job that does not run yet.
	 * @param name shown in logs and as the meter's tag
	 * @param meters where restarts are counted
	 */
	protected JobLoop(String name, MeterRegistry meters) {
		this.name = name;
		this.restarts = LeaseMeter.RESTARTS.counter(meters, "loop", name);
	}

	/**
	 * The pipeline, built anew for each start.
	 * @return whatever it emits is dropped
	 */
	protected abstract Flux<?> job();

	@Override
	public final synchronized void start() {
		if (this.running == null) {
			this.running = Flux.defer(this::job)
				.cast(Object.class)
				.concatWith(Mono.error(() -> new IllegalStateException("the job ended")))
				.doOnError(this::restarting)
				.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LONGEST_PAUSE).transientErrors(true))
				.subscribe();
		}
	}

	@Override
	public final synchronized void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public final synchronized boolean isRunning() {
		return this.running != null;
	}

	private void restarting(Throwable failure) {
		log.warn("{} loop starts again after: {}", this.name, failure.toString());
		this.restarts.increment();
	}

}
