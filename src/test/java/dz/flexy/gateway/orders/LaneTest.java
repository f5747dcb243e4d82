package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.dao.DataIntegrityViolationException;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Orders of gift cards of one product and type are sent one at a time. */
class LaneTest {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Orders orders = this.ledger.orders();

	private final OrderStore store = this.ledger.store();

	@Test
	void cardsAreReadAsTheyWereOrdered() {
		Order order = accept("r1", "gold");

		assertThat(await(this.orders.find(order.id())).item())
			.isEqualTo(new Item.GiftCards("psn", "gold", 3, new BigDecimal("4500"), Optional.empty()));
	}

	@Test
	void theSecondOfALaneCannotBeBegun() {
		begin(accept("r1", "gold"));
		Order second = accept("r2", "gold");

		assertThatThrownBy(() -> begin(second)).isInstanceOf(DataIntegrityViolationException.class);
		assertThat(await(this.orders.find(second.id())).state()).isEqualTo(OrderState.ACCEPTED);
	}

	@Test
	void noneIsBegunOrClaimedWhileSendsAreStopped() {
		Order order = accept("r1", "gold");
		await(this.ledger.database()
			.sql("insert into account_send_stop (account, who, reason) values ('main', 'boss', 'why')")
			.fetch()
			.rowsUpdated());

		assertThat(this.store.beginSending(order, null, LEASE, LEASE).block(LIMIT)).isNull();
		assertThat(this.orders.claimToSend(ACCOUNT, Family.SOLD, 10, LEASE).collectList().block(LIMIT)).isEmpty();
		await(this.ledger.database().sql("update orders_order set send_deadline = now()").fetch().rowsUpdated());
		assertThat(this.orders.claimToSend(ACCOUNT, Family.SOLD, 10, LEASE).collectList().block(LIMIT)).hasSize(1);
	}

	/** Two operators at once, or one and settling: the version tells them apart. */
	@Test
	void ofManyAllowedAtOnceOneIsBegun() {
		Order unknown = await(this.orders.apply(begin(accept("r1", "gold")),
				Change.to(OrderState.SEND_UNKNOWN).candidates(List.of("a"))));
		Move move = new Move("allow-send", new CallerId("boss"), new RequestId("req_1_b"), "why", Optional.empty());

		List<Order> begun = Flux.range(0, 8)
			.flatMap((press) -> this.orders.beginAllowed(unknown, LEASE, LEASE, move))
			.collectList()
			.block(LIMIT);

		assertThat(begun).singleElement().satisfies((order) -> {
			assertThat(order.sending().count()).isEqualTo(2);
			assertThat(order.ending().candidates()).isNull();
		});
		assertThat(await(this.ledger.database().sql("select count(*) from operator_move").mapValue(Long.class).one()))
			.isOne();
	}

	@Test
	void ofManyAtOnceOneIsBegun() {
		List<Order> all = Flux.range(0, 8).map((i) -> accept("r" + i, "gold")).collectList().block();

		Long begun = Flux.fromIterable(all)
			.flatMap((order) -> this.store.beginSending(order, null, LEASE, LEASE).onErrorComplete(), 8)
			.count()
			.block(LIMIT);

		assertThat(begun).isOne();
	}

	@Test
	void aTakenLaneIsNotClaimedFrom() {
		begin(accept("r1", "gold"));
		accept("r2", "gold");
		Order other = accept("r3", "silver");

		assertThat(claimed()).containsExactly(other.id());
	}

	@Test
	void whatIsTooLateIsClaimedSoThatItIsToldSo() {
		begin(accept("r1", "gold"));
		Order late = accept("r2", "gold");
		late(late);

		assertThat(claimed()).containsExactly(late.id());
	}

	@ParameterizedTest
	@EnumSource(names = { "ACCEPTED", "HANDLING", "FULFILLED", "REFUNDED", "REJECTED" })
	void theLaneIsFreeOnceItIsKnownWhatBecameOfIt(OrderState state) {
		Order first = begin(accept("r1", "gold"));

		this.ledger.move(first, state);

		assertThat(begin(accept("r2", "gold")).state()).isEqualTo(OrderState.SENDING);
	}

	@Test
	void anUnclearOrderHoldsItUntilItsCandidatesAreFixed() {
		Order first = this.ledger.move(begin(accept("r1", "gold")), OrderState.SEND_UNKNOWN);
		Order second = accept("r2", "gold");
		assertThatThrownBy(() -> begin(second)).isInstanceOf(DataIntegrityViolationException.class);

		Order fixed = await(this.orders.apply(first, Change.note().candidates(List.of("id-1", "id-2"))));

		assertThat(fixed.ending().candidates()).isEqualTo("id-1 id-2");
		assertThat(begin(second).state()).isEqualTo(OrderState.SENDING);
	}

	@ParameterizedTest
	@EnumSource(names = "OTHER", mode = Mode.EXCLUDE)
	void onlyTheFamiliesAskedForAreClaimed(Family family) {
		Order cards = accept("r1", "gold");
		Order card = this.ledger.accept("r2");

		List<OrderId> claimed = await(
				this.orders.claimToSend(ACCOUNT, Set.of(family), 10, LEASE).map(Order::id).collectList());

		switch (family) {
			case GIFT_CARD -> assertThat(claimed).containsExactly(cards.id());
			case INTERNET -> assertThat(claimed).containsExactly(card.id());
			default -> assertThat(claimed).isEmpty();
		}
	}

	@Test
	void knowsWhichOfTheUpstreamsIdsAreOurs() {
		Order order = this.ledger.move(begin(accept("r1", "gold")), OrderState.HANDLING);
		await(this.orders.apply(order, Change.note().upstreamId("id-1")));

		assertThat(await(this.orders.known(ACCOUNT, List.of("id-1", "id-2")))).containsExactly("id-1");
	}

	private List<OrderId> claimed() {
		return await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 10, LEASE).map(Order::id).collectList());
	}

	private Order begin(Order order) {
		return await(this.store.beginSending(order, null, LEASE, LEASE));
	}

	private Order accept(String ref, String type) {
		Caller caller = new Caller(SHOP, ACCOUNT, Set.of(), 1, LIMIT, Optional.empty());
		Item item = new Item.GiftCards("psn", type, 3, new BigDecimal("4500"), Optional.empty());
		return await(this.orders.accept(new NewOrder(caller, Family.GIFT_CARD, Optional.of(ref), item,
				Duration.ofMinutes(2), Optional.empty(), Optional.empty())));
	}

	private void late(Order order) {
		Mono<Long> update = this.ledger.database()
			.sql("update orders_order set send_deadline = now() where id = :id")
			.bind("id", order.id().value())
			.fetch()
			.rowsUpdated();
		await(update);
	}

}
