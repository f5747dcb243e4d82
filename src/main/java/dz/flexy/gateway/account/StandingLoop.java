package dz.flexy.gateway.account;

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
 * Keeps the standing of all accounts, and whose sends are stopped, fresh: at each signal,
 * and twice a second.
 */
@Component
class StandingLoop extends JobLoop {

	/** A stop by another replica must hold here within a second. */
	private static final Duration BEAT = Duration.ofMillis(500);

	private static final Logger log = LoggerFactory.getLogger(StandingLoop.class);

	private final Accounts accounts;

	private final SendStops sendStops;

	private final Signals signals;

	private boolean readable = true;

	StandingLoop(Accounts accounts, SendStops sendStops, Signals signals, MeterRegistry meters) {
		super("standing", meters);
		this.accounts = accounts;
		this.sendStops = sendStops;
		this.signals = signals;
		accounts.all().forEach((account) -> meter(account, meters));
	}

	private void meter(Account account, MeterRegistry meters) {
		for (String label : Standing.LABELS) {
			AccountMeter.STANDING.gauge(meters, this.accounts, (known) -> known.isKnown(account, label) ? 1 : 0,
					"account", account.id().value(), "standing", label);
		}
		AccountMeter.SENDS_STOPPED.gauge(meters, this.sendStops, (stops) -> stops.isKnown(account.id()) ? 1 : 0,
				"account", account.id().value());
	}

	@Override
	protected Flux<?> job() {
		return Flux.merge(this.signals.on(Accounts.CHANGED), Flux.interval(Duration.ZERO, BEAT).onBackpressureDrop())
			.onBackpressureLatest()
			.concatMap((wakeUp) -> refresh(), 0);
	}

	private Mono<Void> refresh() {
		return Mono.whenDelayError(this.accounts.refresh(), this.sendStops.refresh())
			.doOnSuccess((fresh) -> this.readable = true)
			.onErrorResume((failure) -> {
				if (this.readable) {
					log.warn("the accounts' standing cannot be read, the last known holds: {}", failure.toString());
				}
				this.readable = false;
				return Mono.empty();
			});
	}

}
