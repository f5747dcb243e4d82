package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.orders.Order;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * How long the upstream may keep an order from us that it has. Whenever one that was
 * missing turns out to be there, later proofs of absence take twice as long as that.
 */
@Component
class Delays {

	/**
	 * Looks are that far apart at most while the upstream answers; what was shown later
	 * than that was kept from us by an outage.
	 */
	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Logger log = LoggerFactory.getLogger(Delays.class);

	private final DelayStore store;

	private final Duration leastGap;

	Delays(DelayStore store, DispatchProperties properties) {
		this.store = store;
		this.leastGap = properties.absenceGap();
	}

	/** Emits the time between two looks that prove an order's absence. */
	Mono<Duration> gap(Order order) {
		return this.store.longest(order.account(), order.family()).map((longest) -> {
			Duration twice = longest.multipliedBy(2);
			return (twice.compareTo(this.leastGap) < 0) ? this.leastGap : twice;
		});
	}

	/**
	 * An order was found. If a complete look had missed it, it was shown no sooner than
	 * then, and perhaps only now.
	 * @return completes when noted, and if it cannot be
	 */
	Mono<Void> found(Order order) {
		Instant by = order.sending().by();
		return (order.sending().absentAt() != null && by != null) ? late(order, Duration.between(by, order.readAt()))
				: Mono.empty();
	}

	/**
	 * An order had arrived although it was proven absent and sent again.
	 * @return completes when noted, and if it cannot be
	 */
	Mono<Void> sentTwice(Order order) {
		return late(order, Duration.between(order.acceptedAt(), Settling.sentBy(order)));
	}

	private Mono<Void> late(Order order, Duration delay) {
		log.warn("the upstream did not show order {} for {}", order.id(), delay);
		return this.store.seen(order.account(), order.family(), (delay.compareTo(LONGEST) > 0) ? LONGEST : delay)
			.timeout(PATIENCE)
			.onErrorResume((failure) -> {
				log.warn("the delay of order {} cannot be stored: {}", order.id(), failure.toString());
				return Mono.empty();
			});
	}

}
