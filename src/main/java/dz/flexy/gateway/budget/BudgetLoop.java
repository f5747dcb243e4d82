package dz.flexy.gateway.budget;

import java.time.Duration;

import dz.flexy.gateway.lease.JobLoop;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/**
 * Keeps each account's gate in exchange with the row that all replicas share; at the stop
 * it gives back what is unused.
 */
@Component
class BudgetLoop extends JobLoop {

	/** A gate asks by itself when it has to; this is for a request that got lost. */
	private static final Duration BEAT = Duration.ofSeconds(1);

	private final Budget budget;

	BudgetLoop(Budget budget, MeterRegistry meters) {
		super("budget", meters);
		this.budget = budget;
	}

	@Override
	protected Flux<?> job() {
		return Flux.fromIterable(this.budget.gates())
			.flatMap((gate) -> Flux.merge(gate.looks(), Flux.interval(Duration.ZERO, BEAT))
				.onBackpressureLatest()
				.concatMap((look) -> gate.exchange(), 0), Integer.MAX_VALUE);
	}

	/** Behind the jobs that call the upstream. */
	@Override
	public int getPhase() {
		return super.getPhase() - 512;
	}

	@Override
	public void stop(Runnable whenStopped) {
		stop();
		Flux.fromIterable(this.budget.gates())
			.doOnNext(Gate::close)
			.flatMap(Gate::exchange)
			.doFinally((end) -> whenStopped.run())
			.subscribe();
	}

}
