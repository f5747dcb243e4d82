package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.stream.IntStream;

import dz.flexy.gateway.Database;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

class TailLoopTest {

	private static final int MORE_THAN_A_BATCH = 1100;

	private final ConnectionFactory connections = Database.fresh().connections();

	private final FailingConnections failing = new FailingConnections(this.connections);

	/** Its log is followed; it may lose its database. */
	private final Ledger ledger = new Ledger(this.failing);

	/** Another replica, whose signals are not heard here. */
	private final Ledger elsewhere = new Ledger(this.connections);

	@AfterEach
	void stop() {
		this.ledger.unfollow();
	}

	@BeforeEach
	void begin() {
		this.ledger.hadOrders(SHOP);
	}

	@Test
	void handsOnWhatCommitsInOrder() {
		followed();

		StepVerifier.create(heard(3))
			.then(() -> this.ledger.fulfilled("r1"))
			.expectNext("r1 ACCEPTED", "r1 SENDING", "r1 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whatWasThereBeforeIsNotNews() {
		this.ledger.accept("old");
		untilAllIsShown();
		followed();

		StepVerifier.create(heard(1))
			.then(() -> this.ledger.accept("new"))
			.expectNext("new ACCEPTED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void noticesAChangeWhoseSignalWasLost() {
		followed();

		StepVerifier.create(heard(1))
			.then(() -> this.elsewhere.accept("r1"))
			.expectNext("r1 ACCEPTED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aLateCommitIsHandedOnInItsTurn() {
		followed();
		Transaction late = Transaction.begin(this.connections);
		late.ledger().accept("late");

		StepVerifier.create(heard(2)).then(() -> {
			this.ledger.accept("early");
			late.commit();
		}).expectNext("late ACCEPTED", "early ACCEPTED").expectComplete().verify(LIMIT);
	}

	@Test
	void readsOnUntilNothingIsLeft() {
		Order first = this.elsewhere.accept("first");
		untilAllIsShown();
		followed();

		StepVerifier.create(heard(MORE_THAN_A_BATCH))
			.then(() -> copy(first))
			.expectNextSequence(IntStream.range(0, MORE_THAN_A_BATCH).mapToObj((i) -> i + " ACCEPTED").toList())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void goesOnWhereItWasAfterALossOfTheDatabase() {
		followed();

		StepVerifier.create(heard(4))
			.then(() -> this.elsewhere.accept("before"))
			.expectNext("before ACCEPTED")
			.then(() -> {
				this.failing.fail();
				this.elsewhere.accept("one");
				this.elsewhere.accept("two");
				await(this.failing.refusals().filter((refused) -> refused > 1).next());
				this.failing.heal();
				this.elsewhere.accept("after");
			})
			.expectNext("one ACCEPTED", "two ACCEPTED", "after ACCEPTED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void saysThatItFollowsOnlyOnceItKnowsItsPlace() {
		this.failing.fail();
		this.ledger.follow();

		StepVerifier.create(this.ledger.live().following().thenReturn("following"))
			.then(() -> await(this.failing.refusals().next()))
			.then(() -> this.elsewhere.accept("unheard"))
			.then(this::untilAllIsShown)
			.then(this.failing::heal)
			.expectNext("following")
			.expectComplete()
			.verify(LIMIT);
		StepVerifier.create(heard(1))
			.then(() -> this.elsewhere.accept("heard"))
			.expectNext("heard ACCEPTED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void neitherRepeatsNorSkipsWhenStartedAgain() {
		followed();
		StepVerifier.create(heard(1))
			.then(() -> this.ledger.accept("r1"))
			.expectNext("r1 ACCEPTED")
			.expectComplete()
			.verify(LIMIT);

		this.ledger.unfollow();
		this.ledger.accept("r2");

		StepVerifier.create(heard(1))
			.then(this.ledger::follow)
			.expectNext("r2 ACCEPTED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void manyWritersAtOnceLoseNothing() {
		followed();

		StepVerifier.create(heard(200).collectList())
			.then(() -> await(Flux.range(0, 200)
				.flatMap((i) -> this.elsewhere.orders().accept(Ledger.order(SHOP, "r" + i)), 16)
				.collectList()))
			.assertNext((all) -> assertThat(all).doesNotHaveDuplicates().hasSize(200))
			.expectComplete()
			.verify(LIMIT);
	}

	private void followed() {
		this.ledger.follow();
		this.ledger.live().following().block(LIMIT);
	}

	/** An event is news while any transaction on the server is older; others test too. */
	private void untilAllIsShown() {
		await(this.elsewhere.database()
			.sql("select count(*) from orders_event where xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
			.mapValue(Long.class)
			.one()
			.filter((hidden) -> hidden == 0)
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(20))));
	}

	private Flux<String> heard(int count) {
		return this.ledger.live().all().map((event) -> event.ref() + " " + event.state()).take(count);
	}

	/** In one transaction, so that all are there at once. */
	private void copy(Order order) {
		await(this.elsewhere.database()
			.sql("""
					with made as (
					  insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                            send_deadline, state)
					  select lpad(i::text, 24, '0'), account, caller, family, i::text, i::text, product, number, value,
					         send_deadline, state
					  from orders_order, generate_series(0, :last) i where id = :id returning *)
					insert into orders_event (order_id, caller, number, state, status)
					select id, caller, 1, state, 'HANDLING' from made order by id""")
			.bind("last", MORE_THAN_A_BATCH - 1)
			.bind("id", order.id().value())
			.fetch()
			.rowsUpdated());
	}

}
