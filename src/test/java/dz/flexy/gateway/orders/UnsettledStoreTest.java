package dz.flexy.gateway.orders;

import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.orders.UnsettledStore.Filter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Three orders want a person: one unclear, one open for long, one that was flagged. */
class UnsettledStoreTest {

	private static final Filter ALL = Filter.all(Optional.empty());

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final UnsettledStore store = this.ledger.unsettled();

	private OrderId unclear;

	private OrderId open;

	private OrderId flagged;

	@BeforeEach
	void fill() {
		this.ledger.handled("young");
		this.ledger.fulfilled("done");
		age(this.ledger.fulfilled("done-long-ago").id(), 7200);
		this.unclear = this.ledger.move(this.ledger.sending(this.ledger.accept("r1")), OrderState.SEND_UNKNOWN).id();
		this.open = this.ledger.handled("r2").id();
		this.flagged = this.ledger.accept(OTHER, "r3").id();
		await(this.ledger.orders().apply(await(this.ledger.orders().find(this.flagged)), Change.note().flag("look")));
		age(this.unclear, 10);
		age(this.open, 3700);
		age(this.flagged, 20);
	}

	@Test
	void showsWhatWantsAPersonNewestFirst() {
		assertThat(ids(ALL)).containsExactly(this.unclear, this.flagged, this.open);
		assertThat(await(this.store.count(ALL, 10))).isEqualTo(3);
		assertThat(await(this.store.count(ALL, 2))).isEqualTo(2);
	}

	@Test
	void filtersByWhatIsGiven() {
		assertThat(ids(Filter.all(Optional.of(SHOP)))).containsExactly(this.unclear, this.open);
		assertThat(ids(filter("main", "internet", "HANDLING", null))).containsExactly(this.open);
		assertThat(ids(filter(null, null, null, true))).containsExactly(this.flagged);
		assertThat(ids(filter(null, null, null, false))).containsExactly(this.unclear, this.open);
		assertThat(ids(filter("other", null, null, null))).isEmpty();
		assertThat(ids(filter(null, "mobile", null, null))).isEmpty();
		assertThat(await(this.store.count(filter("main", "internet", "SEND_UNKNOWN", false), 10))).isOne();
	}

	@Test
	void pagesEndWithoutACursor() {
		UnsettledStore.Page first = await(this.store.page(ALL, Optional.empty(), 2));
		UnsettledStore.Page second = await(this.store.page(ALL, first.next(), 2));
		UnsettledStore.Page whole = await(this.store.page(ALL, Optional.empty(), 3));

		assertThat(first.orders()).extracting(Order::id).containsExactly(this.unclear, this.flagged);
		assertThat(second.orders()).extracting(Order::id).containsExactly(this.open);
		assertThat(second.next()).isEmpty();
		assertThat(whole.orders()).hasSize(3);
		assertThat(whole.next()).isEmpty();
	}

	@Test
	void aCursorThatNoneGaveIsRefused() {
		assertThatThrownBy(() -> this.store.page(ALL, Optional.of("nonsense"), 2))
			.isInstanceOf(IllegalArgumentException.class);
	}

	private static Filter filter(String account, String family, String state, Boolean flagged) {
		return new Filter(Optional.ofNullable(account), Optional.ofNullable(family), Optional.ofNullable(state),
				Optional.ofNullable(flagged));
	}

	private List<OrderId> ids(Filter filter) {
		return await(this.store.page(filter, Optional.empty(), 10)).orders().stream().map(Order::id).toList();
	}

	private void age(OrderId id, int seconds) {
		await(this.ledger.database()
			.sql("update orders_order set accepted_at = now() - :age * interval '1 second' where id = :id")
			.bind("age", seconds)
			.bind("id", id.value())
			.fetch()
			.rowsUpdated());
	}

}
