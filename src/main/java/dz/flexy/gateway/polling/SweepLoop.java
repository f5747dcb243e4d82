package dz.flexy.gateway.polling;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.lease.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Sweeps each account at a steady beat, on one replica at a time. A beat that finds the
 * last sweep still running is dropped and counted ({@code gateway.polling.dropped}).
 */
@Component
class SweepLoop extends JobLoop {

	private static final Logger log = LoggerFactory.getLogger(SweepLoop.class);

	/** A dead sweeper is replaced after this many beats, one second at the least. */
	private static final int LEASE_BEATS = 3;

	/** Nothing that a sweep waits for may stop all later ones. */
	private static final Duration LONGEST_SWEEP = Duration.ofMinutes(3);

	private final Sweep sweep;

	private final Accounts accounts;

	private final Leases leases;

	private final Duration beat;

	private final MeterRegistry meters;

	SweepLoop(Sweep sweep, Accounts accounts, Leases leases, PollingProperties properties, MeterRegistry meters) {
		super("sweep", meters);
		this.sweep = sweep;
		this.accounts = accounts;
		this.leases = leases;
		this.beat = properties.sweep();
		this.meters = meters;
	}

	@Override
	protected Flux<?> job() {
		return Flux.fromIterable(this.accounts.all()).flatMap(this::beats, Integer.MAX_VALUE);
	}

	Flux<Void> beats(Account account) {
		return Flux.interval(this.beat)
			.onBackpressureDrop((tick) -> this.meters.counter("gateway.polling.dropped").increment())
			.concatMap((tick) -> sweep(account), 0);
	}

	Mono<Void> sweep(Account account) {
		Duration lease = this.beat.multipliedBy(LEASE_BEATS).plusSeconds(1);
		return this.leases.take("sweep-" + account.id(), lease)
			.flatMap((held) -> this.sweep.run(account, Family.INTERNET, held))
			.timeout(LONGEST_SWEEP)
			.onErrorResume((failure) -> {
				log.warn("sweep of account {} failed: {}", account.id(), failure.toString());
				return Mono.empty();
			});
	}

}
