package dz.flexy.gateway.callers;

import java.time.Duration;

import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Looks for sign-outs on other replicas, when told of one and every few seconds, and
 * erases tickets and sessions that are over, every ten minutes in batches that replicas
 * share.
 */
@Component
class TicketLoop extends JobLoop {

	/** A stream outlives a sign-out elsewhere by that at most, if no signal comes. */
	static final Duration LOOK = Duration.ofSeconds(3);

	private static final Logger log = LoggerFactory.getLogger(TicketLoop.class);

	private static final Duration PAUSE = Duration.ofMinutes(10);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Duration LONG_PATIENCE = Duration.ofMinutes(1);

	/** Short enough that nobody waits for the rows. */
	private static final int BATCH = 1000;

	private static final int BATCHES = 1000;

	private final SignOuts signOuts;

	private final TicketStore store;

	private final Signals signals;

	TicketLoop(SignOuts signOuts, TicketStore store, Signals signals, MeterRegistry meters) {
		super("tickets", meters);
		this.signOuts = signOuts;
		this.store = store;
		this.signals = signals;
	}

	@Override
	protected Flux<?> job() {
		Flux<?> looks = Flux.merge(this.signals.on(SignOuts.TOPIC), Flux.interval(LOOK).onBackpressureDrop())
			.onBackpressureLatest()
			.concatMap((wakeUp) -> quietly("sign-outs cannot be seen", this.signOuts.look().timeout(PATIENCE)), 0);
		Flux<?> erasures = Flux.interval(Duration.ZERO, PAUSE)
			.onBackpressureDrop()
			.concatMap((tick) -> quietly("old tickets cannot be erased", eraseOld()), 0);
		return Flux.merge(looks, erasures);
	}

	/** Until none is left; emits how many. */
	Mono<Long> eraseOld() {
		return this.store.erase(BATCH)
			.timeout(LONG_PATIENCE)
			.repeat(BATCHES)
			.takeUntil((count) -> count < BATCH)
			.reduce(0L, Long::sum);
	}

	private static <T> Mono<T> quietly(String trouble, Mono<T> work) {
		return work.onErrorResume((failure) -> {
			log.warn("{} now: {}", trouble, failure.toString());
			return Mono.empty();
		});
	}

}
