package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.lease.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Compares each account's books when that is due, on one replica at a time. When it is
 * due stands in the database; each second that is asked.
 */
@Component
class ReconciliationLoop extends JobLoop {

	private static final Logger log = LoggerFactory.getLogger(ReconciliationLoop.class);

	/** A comparison whose replica died is given up and begun anew after that. */
	private static final Duration LEASE = Duration.ofSeconds(10);

	private static final Duration LOOK = Duration.ofSeconds(1);

	private static final Duration COUNT = Duration.ofSeconds(15);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Runs runs;

	private final OpenBreaks breaks;

	private final Accounts accounts;

	private final Leases leases;

	ReconciliationLoop(Runs runs, OpenBreaks breaks, Accounts accounts, Leases leases, MeterRegistry meters) {
		super("reconciliation", meters);
		this.runs = runs;
		this.breaks = breaks;
		this.accounts = accounts;
		this.leases = leases;
	}

	@Override
	protected Flux<?> job() {
		Flux<Void> counts = Flux.interval(Duration.ZERO, COUNT)
			.onBackpressureDrop()
			.concatMap((beat) -> this.breaks.refresh().timeout(PATIENCE).onErrorComplete(), 0);
		return Flux.merge(counts, Flux.fromIterable(this.accounts.all()).flatMap(this::follow, Integer.MAX_VALUE));
	}

	/** A lost lease breaks off the comparison under way. */
	private Flux<Void> follow(Account account) {
		return Flux.interval(Duration.ZERO, LOOK)
			.onBackpressureDrop()
			.concatMap((look) -> this.accounts.leftToOthers(account))
			.distinctUntilChanged()
			.switchMap((left) -> left ? Flux.just(Optional.<Lease>empty())
					: this.leases.hold("reconciliation-" + account.id(), LEASE))
			.switchMap((held) -> held.isPresent() ? beats(account) : Flux.never());
	}

	private Flux<Void> beats(Account account) {
		return Flux.interval(Duration.ZERO, LOOK).onBackpressureDrop().concatMap((beat) -> run(account), 0);
	}

	private Mono<Void> run(Account account) {
		return this.runs.runIfDue(account).then(Mono.defer(this.breaks::refresh)).onErrorResume((failure) -> {
			log.warn("books of account {} cannot be compared: {}", account.id(), failure.toString());
			return Mono.empty();
		});
	}

}
