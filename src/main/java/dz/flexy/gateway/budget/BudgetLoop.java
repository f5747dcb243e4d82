package dz.flexy.gateway.budget;

import dz.flexy.gateway.lease.JobLoop;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** Keeps each account's gate in exchange with the row that all replicas share. */
@Component
class BudgetLoop extends JobLoop {

	private final Budget budget;

	BudgetLoop(Budget budget, MeterRegistry meters) {
		super("budget", meters);
		this.budget = budget;
	}

	@Override
	protected Flux<?> job() {
		return Flux.fromIterable(this.budget.gates())
			.flatMap((gate) -> gate.looks().startWith(0L).concatMap((look) -> gate.exchange(), 0), Integer.MAX_VALUE);
	}

}
