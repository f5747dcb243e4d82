package dz.flexy.gateway.orders;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RetentionStoreTest {

	private static final Duration RETENTION = Duration.ofDays(400);

	private static final String ODD_REF = "a\\b'c\"ü\\x00";

	private final Database database = Database.fresh();

	private final Ledger ledger = new Ledger(this.database.connections());

	private final RetentionStore store = new RetentionStore(this.ledger.database());

	private final OrderListStore lists = new OrderListStore(this.ledger.database(),
			new OrderRow(new ProblemJson(JsonMapper.shared())));

	@Test
	void anOldOrderLosesNumberRefAndCodesAndKeepsTheRest() {
		Order before = delivered("r1");
		old(before);

		assertThat(await(this.store.erase(RETENTION, 10))).isOne();
		Order after = read(before);

		assertThat(text(before)).doesNotContain("036362608")
			.doesNotContain("r1")
			.doesNotContain("T-17")
			.doesNotContain(before.card().code());
		assertThat(after.erasedAt()).isNotNull();
		assertThat(after.item().number()).isEqualTo(RetentionStore.ERASED);
		assertThat(after.card().code()).isNull();
		assertThat(after.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(after.cost()).isEqualByComparingTo("975.5");
		assertThat(after.item().value()).isEqualByComparingTo("1000");
		assertThat(after.changes()).isEqualTo(before.changes());
		assertThat(after.version()).isEqualTo(before.version() + 1);
		assertThat(this.ledger.visible(after)).singleElement()
			.extracting(OrderEvent::number)
			.isEqualTo(Optional.of(before.changes()));
		assertThat(await(this.ledger.events().history(after.id()).count())).isOne();
	}

	@Test
	void anErasedRefStaysTakenAndFindsItsOrder() {
		List.of("r1", ODD_REF, "sha256:x").forEach((ref) -> {
			Order order = delivered(ref);
			old(order);
			await(this.store.erase(RETENTION, 10));

			assertThatThrownBy(() -> this.ledger.accept(ref)).isInstanceOfSatisfying(Problem.class,
					(problem) -> assertThat(problem.code()).isEqualTo("DUPLICATED_REF"));
			assertThat(await(this.ledger.store().findByRef(SHOP, Family.INTERNET, ref)).id()).isEqualTo(order.id());
			assertThat(
					await(this.lists.after(Optional.of(SHOP), Optional.empty(), Map.of("ref", ref), 10).collectList()))
				.extracting(Order::id)
				.containsExactly(order.id());
			assertThat(this.ledger.accept(OTHER, ref).ref()).isEqualTo(ref);
		});
	}

	@Test
	void theDigestOfOneCallerTellsNothingOfAnothers() {
		Order mine = delivered("r1");
		Order his = this.ledger.move(this.ledger.sending(this.ledger.accept(OTHER, "r1")), OrderState.FULFILLED);
		old(mine);
		old(his);
		await(this.store.erase(RETENTION, 10));

		assertThat(read(mine).ref()).matches("sha256:[0-9a-f]{64}").isNotEqualTo(read(his).ref());
	}

	@Test
	void aRefusalKeepsItsCodeAndLosesItsWords() {
		Order order = this.ledger.accept("r1");
		await(this.ledger.orders()
			.reject(order, Problem.of("ERR_PHONE", 400, "036362608 is unknown").detail("number", "036362608")));
		old(order);
		await(this.store.erase(RETENTION, 10));

		assertThat(text(order)).doesNotContain("036362608");
		assertThat(read(order).refusal().map(Problem::code)).contains("ERR_PHONE");
		assertThat(read(order).reason()).isEqualTo("NOT_CHARGED: ERR_PHONE");
		assertThat(this.ledger.visible(order).getLast().reason()).isEqualTo("NOT_CHARGED: ERR_PHONE");
	}

	@Test
	void whatIsOpenFlaggedOrYoungIsKept() {
		Order open = this.ledger.handled("open");
		Order flagged = await(this.ledger.orders().apply(delivered("flagged"), Change.note().flag("look")));
		Order young = delivered("young");
		old(open);
		old(flagged);

		assertThat(await(this.store.erase(RETENTION, 10))).isZero();
		assertThat(List.of(open, flagged, young)).extracting((order) -> read(order).item().number())
			.containsOnly("036362608");
	}

	@Test
	void replicasShareTheWorkAndEachOrderIsErasedOnce() {
		for (int i = 0; i < 20; i++) {
			old(delivered("r" + i));
		}

		long erased = await(
				Flux.range(0, 8).flatMap((replica) -> this.store.erase(RETENTION, 5).repeat(8)).reduce(0L, Long::sum));

		assertThat(erased).isEqualTo(20);
		assertThat(await(this.ledger.database()
			.sql("select count(*) from orders_order where erased_at is not null and version = 3")
			.mapValue(Long.class)
			.one())).isEqualTo(20);
	}

	/** A correction of an old order may be under way, and may be waiting itself. */
	@Test
	void whatSomebodyHoldsIsLeftForTheNextTime() throws SQLException {
		Order held = delivered("r1");
		Order free = delivered("r2");
		old(held);
		old(free);

		try (Connection connection = DriverManager.getConnection(this.database.jdbcUrl(), this.database.username(),
				this.database.password()); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("select from orders_order where id = '" + held.id().value() + "' for update");

			assertThat(await(this.store.erase(RETENTION, 10))).isOne();
		}

		assertThat(read(free).erasedAt()).isNotNull();
		assertThat(read(held).erasedAt()).isNull();
		assertThat(await(this.store.erase(RETENTION, 10))).isOne();
	}

	@Test
	void theKeysOfAllCardsAreKnown() {
		assertThat(keys()).isEmpty();
		delivered("r1");
		delivered("r2");
		await(this.ledger.database()
			.sql("update orders_order set card_key = 'ffffffff' where ref = 'r2'")
			.fetch()
			.rowsUpdated());

		assertThat(keys()).hasSize(2).contains("ffffffff");
	}

	private List<String> keys() {
		return await(this.store.cardKeys().collectList());
	}

	private Order delivered(String ref) {
		return await(this.ledger.orders()
			.deliver(this.ledger.sending(this.ledger.accept(ref)), OrderState.FULFILLED,
					Optional.of(new Card("527749484811", "T-17", null)), Change.note()));
	}

	/** As if it had been made that much earlier, its end included. */
	private void old(Order order) {
		await(this.ledger.database()
			.sql("update orders_order set final_at = final_at - interval '401 days' where id = :id")
			.bind("id", order.id().value())
			.fetch()
			.rowsUpdated());
	}

	private Order read(Order order) {
		return await(this.ledger.orders().find(order.id()));
	}

	/** All of its row and of its events. */
	private String text(Order order) {
		Mono<String> all = this.ledger.database()
			.sql("""
					select o::text || (select coalesce(string_agg(e::text, ' '), '') from orders_event e where e.order_id = o.id)
					from orders_order o where o.id = :id""")
			.bind("id", order.id().value())
			.mapValue(String.class)
			.one();
		return all.blockOptional(LIMIT).orElseThrow();
	}

}
