package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.lease.JobLoop;
import dz.flexy.gateway.orders.Orders;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * While sending is on hold, accepted orders are taken for ones that may have been sent: a
 * restored database may have forgotten that they were. From there they go the way of any
 * lost answer. Nothing is accepted meanwhile, so it is done once, at the start.
 */
@Component
class RestoreLoop extends JobLoop {

	private static final int BATCH = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Logger log = LoggerFactory.getLogger(RestoreLoop.class);

	private final Orders orders;

	private final Accounts accounts;

	private final DispatchProperties properties;

	RestoreLoop(Orders orders, Accounts accounts, DispatchProperties properties, MeterRegistry meters) {
		super("restore", meters);
		this.orders = orders;
		this.accounts = accounts;
		this.properties = properties;
	}

	@Override
	protected Flux<?> job() {
		return this.properties.hold() ? Flux.fromIterable(this.accounts.all())
			.concatMap((account) -> this.orders.doubtLooks(account.id()).timeout(PATIENCE).then(doubt(account)))
			.thenMany(Flux.never()) : Flux.never();
	}

	private Mono<Void> doubt(Account account) {
		return this.orders.doubtAccepted(account.id(), BATCH).timeout(PATIENCE).doOnNext((doubted) -> {
			if (doubted > 0) {
				log.warn("{} accepted orders of account {} may have been sent before the restore", doubted,
						account.id());
			}
		}).repeat().takeUntil((doubted) -> doubted < BATCH).then();
	}

}
