package dz.flexy.gateway.orders;

import java.time.Duration;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.OrderAccess;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** What the ledger tells of orders of which tickets are given away. */
@Component
class TicketedOrders implements OrderAccess {

	private static final Duration AFTER_THE_END = Duration.ofDays(1);

	/** Longer than any ticket. */
	private static final Duration OPEN = Duration.ofDays(365);

	private final OrderStore store;

	TicketedOrders(OrderStore store) {
		this.store = store;
	}

	@Override
	public Mono<Duration> left(CallerId caller, String order) {
		return Mono.justOrEmpty(OrderId.parse(order))
			.flatMap(this.store::find)
			.filter((found) -> found.caller().equals(caller))
			.map(TicketedOrders::left);
	}

	private static Duration left(Order order) {
		return (order.finalAt() == null) ? OPEN : Duration.between(order.readAt(), order.finalAt().plus(AFTER_THE_END));
	}

}
