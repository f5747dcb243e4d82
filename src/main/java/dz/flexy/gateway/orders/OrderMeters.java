package dz.flexy.gateway.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dz.flexy.gateway.account.Family;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Counts and logs the moves that this replica makes, and times them by the database's
 * clock.
 */
@Component
class OrderMeters {

	private static final Logger log = LoggerFactory.getLogger(OrderMeters.class);

	private final MeterRegistry meters;

	OrderMeters(MeterRegistry meters) {
		this.meters = meters;
	}

	void accepted(Order order) {
		log.info("order {} of caller {} accepted: {}", order.id(), order.caller(), order.family().label());
		entered(order);
	}

	/**
	 * @param before as it stood
	 * @param now as it stands, in another state
	 * @param since when it came to the state that it left
	 */
	void moved(Order before, Order now, @Nullable Instant since) {
		log.info("order {} {} -> {}", now.id(), before.state(), now.state());
		entered(now);
		String family = now.family().label();
		if (!before.state().isFinal() && since != null) {
			OrderMeter.TIME_IN_STATE.timer(this.meters, "family", family, "state", before.state().name())
				.record(between(since, now.readAt()));
		}
		if (!before.state().isFinal() && now.state().isFinal()) {
			OrderMeter.TIME_TO_FINAL.timer(this.meters, "family", family, "state", now.state().name())
				.record(between(now.acceptedAt(), now.readAt()));
		}
	}

	/** After a restore, of many at once. */
	void doubted(Map<Family, Long> counts) {
		counts.forEach((family, count) -> entered(family, OrderState.SEND_UNKNOWN, count));
	}

	private void entered(Order order) {
		entered(order.family(), order.state(), 1);
	}

	private void entered(Family family, OrderState state, long count) {
		OrderMeter.ENTERED.counter(this.meters, "family", family.label(), "state", state.name())
			.increment((double) count);
	}

	/** The database's clock may be set back. */
	private static Duration between(Instant from, Instant to) {
		return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
	}

}
