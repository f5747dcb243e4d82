package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.orders.Idempotency;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderTraces;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Closing;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Claims orders whose sending broke off or stayed unclear and has them settled. */
@Component
class SettleLoop extends ClaimLoop {

	/** Longer than the looks take; the version fences what overruns it. */
	static final Duration CLAIM = Duration.ofSeconds(30);

	/**
	 * The claims have run out by then, so what is cut off is claimed anew; a send among
	 * it is looked up. A connection to the database that died without a word ends here
	 * too.
	 */
	private static final Duration LONGEST_PASS = CLAIM.multipliedBy(3);

	private static final Logger log = LoggerFactory.getLogger(SettleLoop.class);

	private static final Duration BEAT = Duration.ofMillis(500);

	/**
	 * A replica that leaves an account to others still sees to what is flagged in time.
	 */
	private static final long BEATS_AT_REST = 20;

	private static final Duration HOUSEKEEPING = Duration.ofHours(1);

	private static final int BATCH = 100;

	private final Orders orders;

	private final Accounts accounts;

	private final Settling settling;

	private final Idempotency idempotency;

	private final OrderTraces traces;

	private final Spans spans;

	SettleLoop(Orders orders, Accounts accounts, Settling settling, Idempotency idempotency, OrderTraces traces,
			Spans spans, Closing closing, MeterRegistry meters) {
		super("settle", orders, closing, meters);
		this.orders = orders;
		this.accounts = accounts;
		this.settling = settling;
		this.idempotency = idempotency;
		this.traces = traces;
		this.spans = spans;
	}

	@Override
	protected Flux<?> job() {
		Flux<Long> housekeeping = Flux.interval(HOUSEKEEPING)
			.onBackpressureDrop()
			.concatMap((hour) -> this.idempotency.forgetOld().onErrorComplete());
		return Flux.merge(housekeeping, Flux.fromIterable(this.accounts.all()).flatMap(this::beats, Integer.MAX_VALUE));
	}

	private Flux<Void> beats(Account account) {
		return Flux.interval(Duration.ZERO, BEAT)
			.onBackpressureDrop()
			.concatMap((beat) -> settle(account, beat % BEATS_AT_REST == 0), 0);
	}

	private Mono<Void> traced(Account account, List<Order> claimed) {
		return this.spans.job("settle", Map.of("account", account.id().value()), Optional.empty(),
				this.traces.of(claimed), this.settling.settle(account, claimed));
	}

	private Mono<Void> settle(Account account, boolean seldom) {
		return this.accounts.leftToOthers(account)
			.filter((left) -> (seldom || !left) && !isClosing())
			.flatMapMany((own) -> this.orders.claimToSettle(account.id(), BATCH, CLAIM))
			.collectList()
			.timeout(CLAIM)
			.filter((claimed) -> !claimed.isEmpty())
			.flatMap((claimed) -> during(claimed, traced(account, claimed).timeout(LONGEST_PASS)))
			.onErrorResume((failure) -> {
				log.warn("settling of account {} failed: {}", account.id(), failure.toString());
				return Mono.empty();
			});
	}

}
