package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.OrderEvent.Place;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

class LiveEventsTest {

	private static final OrderId ONE = new OrderId("0".repeat(23) + "1");

	private static final OrderId TWO = new OrderId("0".repeat(23) + "2");

	private final LiveEvents live = new LiveEvents();

	@Test
	void eachListenerHearsItsTopicOnly() {
		List<OrderEvent> all = new ArrayList<>();
		List<OrderEvent> shops = new ArrayList<>();
		List<OrderEvent> ones = new ArrayList<>();
		this.live.all().subscribe(all::add);
		this.live.of(SHOP).subscribe(shops::add);
		this.live.of(ONE).subscribe(ones::add);
		OrderEvent one = event(ONE, SHOP);
		OrderEvent two = event(TWO, SHOP);
		OrderEvent others = event(TWO, OTHER);

		List.of(one, two, others).forEach(this.live::publish);

		assertThat(all).containsExactly(one, two, others);
		assertThat(shops).containsExactly(one, two);
		assertThat(ones).containsExactly(one);
	}

	@Test
	void whoeverLeavesKeepsNoOtherFromHearing() {
		List<OrderEvent> heard = new ArrayList<>();
		Disposable leaving = this.live.of(SHOP).subscribe();
		Disposable staying = this.live.of(SHOP).subscribe(heard::add);
		assertThat(this.live.listeners()).isEqualTo(2);

		leaving.dispose();
		this.live.publish(event(ONE, SHOP));

		assertThat(heard).hasSize(1);
		assertThat(this.live.listeners()).isOne();
		staying.dispose();
		assertThat(this.live.listeners()).isZero();
		this.live.publish(event(ONE, SHOP));
		this.live.of(SHOP).subscribe(heard::add);
		this.live.publish(event(TWO, SHOP));
		assertThat(heard).hasSize(2);
	}

	private static OrderEvent event(OrderId order, CallerId caller) {
		return new OrderEvent(Place.START, order, caller, Optional.of(1), Instant.EPOCH, OrderState.ACCEPTED, null,
				"HANDLING", null, false, null, Family.INTERNET, "ref",
				new Item.TopUp("ADSL", "036362608", BigDecimal.TEN, Optional.empty()), null);
	}

}
