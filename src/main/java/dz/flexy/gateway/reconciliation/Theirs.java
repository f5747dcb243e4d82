package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the upstream's book says of an order.
 *
 * @param status where it stands
 * @param value DZD of face value, if shown
 * @param quantity of gift cards, if shown
 * @param charged DZD, 0 once paid back, if shown
 */
record Theirs(TopupStatus status, @Nullable BigDecimal value, @Nullable Integer quantity,
		@Nullable BigDecimal charged) {

	static Theirs of(Topup topup) {
		return new Theirs(topup.status(), topup.value(), topup.filling().map(Filling::quantity).orElse(null),
				topup.charged());
	}

	/** Our word for where it ended; empty while it has not, or for a word not known. */
	Optional<OrderState> end() {
		return switch (this.status) {
			case FULFILLED -> Optional.of(OrderState.FULFILLED);
			case PARTIALLY_FILLED -> Optional.of(OrderState.PARTIALLY_FILLED);
			case REFUNDED -> Optional.of(OrderState.REFUNDED);
			case PENDING, HANDLING, QUEUED, UNKNOWN_ERROR, OTHER -> Optional.empty();
		};
	}

}
