package dz.flexy.gateway.orders;

import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.orders.OrderEvent.Place;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("shows only what is older than any open transaction of the database server")
class EventStoreTest {

	private static final int ALL = 1000;

	private final ConnectionFactory connections = Database.fresh().connections();

	private final Ledger ledger = new Ledger(this.connections);

	private final EventStore log = this.ledger.events();

	@BeforeEach
	void begin() {
		this.ledger.hadOrders(SHOP, OTHER);
	}

	@Test
	void aLateCommitWithALowerPositionIsNotSkipped() {
		Transaction late = Transaction.begin(this.connections);
		late.ledger().accept("late");
		this.ledger.accept("early");

		assertThat(refs(this.log.after(Place.START, ALL))).isEmpty();
		late.commit();
		assertThat(refs(this.log.after(Place.START, ALL))).containsExactly("late", "early");
	}

	@Test
	void aLateCommitWithAHigherPositionIsNotSkippedEither() {
		Transaction late = Transaction.begin(this.connections);
		late.claimPlace();
		this.ledger.accept("early");
		late.ledger().accept("late");

		assertThat(refs(this.log.after(Place.START, ALL))).isEmpty();
		late.commit();
		List<OrderEvent> both = list(this.log.after(Place.START, ALL));

		assertThat(both).extracting(OrderEvent::ref).containsExactly("late", "early");
		assertThat(both).extracting((event) -> event.place().position()).containsExactly(2L, 1L);
		assertThat(refs(this.log.after(both.getFirst().place(), ALL))).containsExactly("early");
	}

	@Test
	void aCallersReaderSkipsNoLateCommit() {
		Transaction late = Transaction.begin(this.connections);
		late.ledger().accept("late");
		this.ledger.accept("early");

		assertThat(refs(this.log.visible(Optional.of(SHOP), Place.START, ALL))).isEmpty();
		assertThat(last()).isEmpty();
		late.commit();
		assertThat(refs(this.log.visible(Optional.of(SHOP), Place.START, ALL))).containsExactly("late", "early");
		assertThat(last()).map(Place::position).contains(2L);
	}

	/** The planner takes a third of the log to lie behind any place. */
	@Test
	void fewEventsOfAYoungLedgerDoNotReadAllItsOrders() {
		this.ledger.database()
			.sql("""
					with made as (
					  insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                            send_deadline, state)
					  select lpad(i::text, 24, '0'), 'main', 'shop', 'internet', i, i, 'ADSL', '036362608', 1000, now(), 'ACCEPTED'
					  from generate_series(1, 3000) i returning *
					)
					insert into orders_event (order_id, caller, number, state, status)
					select id, caller, 1, state, 'HANDLING' from made""")
			.then()
			.block(LIMIT);
		Place end = await(this.log.last(Optional.empty()));
		this.ledger.accept("r1");
		RecordedStatements recorded = new RecordedStatements(this.connections);
		EventStore log = new EventStore(DatabaseClient.create(recorded),
				new OrderRow(new ProblemJson(JsonMapper.shared())));

		assertThat(List.of(log.after(end, ALL), log.visible(Optional.of(SHOP), end, ALL)))
			.allSatisfy((reading) -> assertThat(recorded.explain(recorded.of(reading).getFirst()).wholly()).isEmpty());
	}

	@Test
	void whatCommitsAfterTheEndWasAskedLiesBehindIt() {
		this.ledger.accept("before");
		Transaction open = Transaction.begin(this.connections);
		open.ledger().accept("meanwhile");

		Place end = await(this.log.end());
		open.commit();
		this.ledger.accept("after");

		assertThat(refs(this.log.after(end, ALL))).containsExactly("meanwhile", "after");
	}

	@Test
	void batchesContinueWhereTheLastOneEnded() {
		await(Flux.range(0, 5)
			.concatMap((i) -> this.ledger.orders().accept(Ledger.order(SHOP, "r" + i)))
			.then()
			.thenReturn(1));

		List<OrderEvent> first = list(this.log.after(Place.START, 3));
		List<OrderEvent> second = list(this.log.after(first.getLast().place(), 3));

		assertThat(first).extracting(OrderEvent::ref).containsExactly("r0", "r1", "r2");
		assertThat(second).extracting(OrderEvent::ref).containsExactly("r3", "r4");
	}

	@Test
	void aCallerSeesHisOwnVisibleEventsOnly() {
		this.ledger.handled("mine");
		this.ledger.accept(OTHER, "theirs");

		assertThat(list(this.log.after(Place.START, ALL))).hasSize(4);
		assertThat(refs(this.log.visible(Optional.of(SHOP), Place.START, ALL))).containsExactly("mine");
	}

	@Test
	void aPlaceIsFoundForItsOwnCallerOnly() {
		this.ledger.accept("r1");
		OrderEvent event = list(this.log.after(Place.START, 1)).getFirst();
		long position = event.place().position();

		assertThat(await(this.log.place(Optional.of(SHOP), position))).isEqualTo(event.place());
		assertThat(this.log.place(Optional.of(OTHER), position).blockOptional(LIMIT)).isEmpty();
		assertThat(this.log.place(Optional.of(SHOP), position + 1).blockOptional(LIMIT)).isEmpty();
	}

	@Test
	void openOrdersAreTheirLastVisibleEvents() {
		this.ledger.fulfilled("done");
		this.ledger.move(this.ledger.handled("queued"), OrderState.QUEUED);
		this.ledger.handled("handled");
		this.ledger.accept(OTHER, "theirs");

		List<OrderEvent> open = list(this.log.open(Selection.of(SHOP), last().orElseThrow(), ALL));

		assertThat(open).extracting(OrderEvent::ref).containsExactly("queued", "handled");
		assertThat(open).extracting(OrderEvent::status).containsExactly("QUEUED", "HANDLING");
	}

	@Test
	void openOrdersAreShownAsTheyWereAtThePlace() {
		Order order = this.ledger.handled("r1");
		Place before = last().orElseThrow();
		this.ledger.move(order, OrderState.QUEUED);
		this.ledger.accept("r2");

		List<OrderEvent> open = list(this.log.open(Selection.of(SHOP), before, ALL));

		assertThat(open).extracting(OrderEvent::ref).containsExactly("r1");
		assertThat(open).extracting(OrderEvent::status).containsExactly("HANDLING");
	}

	@Test
	void ofTooManyOpenOrdersTheNewestAreShown() {
		this.ledger.accept("r1");
		this.ledger.accept("r2");
		this.ledger.accept("r3");

		assertThat(refs(this.log.open(Selection.of(SHOP), last().orElseThrow(), 2))).containsExactly("r2", "r3");
	}

	private Optional<Place> last() {
		return this.log.last(Optional.of(SHOP)).blockOptional(LIMIT);
	}

	private static List<OrderEvent> list(Flux<OrderEvent> events) {
		return await(events.collectList());
	}

	private static List<String> refs(Flux<OrderEvent> events) {
		return await(events.map(OrderEvent::ref).collectList());
	}

}
