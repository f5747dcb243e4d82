package dz.flexy.gateway.polling;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.orders.Ledger;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real ledger, with a list that is played and a clock that is set. */
class SlowSweepTest {

	/** Six of its calls a minute are the share. */
	private static final Account ACCOUNT = new Account(Ledger.ACCOUNT, new UpstreamKey("key"), 120,
			Duration.ofSeconds(60), KeyType.PRODUCTION, false);

	private static final Lease LEASE = new Lease("sweep-main", 1);

	private static final Duration BEAT = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final ConnectionPool connections = new ConnectionPool(
			ConnectionPoolConfiguration.builder(Database.fresh().connections()).initialSize(1).maxSize(4).build());

	private final Ledger ledger = new Ledger(this.connections);

	private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

	private final PlayedList list = new PlayedList();

	private final Looks looks = new Looks();

	private final SettableClock clock = new SettableClock();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final SlowSweep slow = new SlowSweep(this.ledger.orders(), this.list, this.looks, Ledger.noTraces(),
			Spans.off(), this.meters, this.clock);

	private int made;

	@AfterEach
	void close() {
		this.connections.disposeLater().block(PATIENCE);
	}

	@Test
	void makesNoCallWhileNothingIsDue() {
		queued("internet", 3, 60);
		run("update orders_order set due_at = now() + interval '1 minute'");
		queued("internet", 1, 60);
		run("update orders_order set state = 'HANDLING' where due_at < now()");

		sweep();

		assertThat(this.list.calls()).isEmpty();
		assertThat(this.looks.alone).isEmpty();
	}

	@Test
	void asksForOneOrderById() {
		queued("internet", 1, 60);

		sweep();

		assertThat(this.list.calls()).isEmpty();
		assertThat(this.looks.alone).hasSize(1);
		assertThat(due()).isZero();
		assertThat(counted("found")).isZero();
		assertThat(counted("missed")).isZero();
	}

	@Test
	void aPageAnswersForAllThatItShows() {
		queued("internet", 100, 1);

		sweep();

		assertThat(this.list.calls()).containsExactly("internet 1");
		assertThat(this.looks.listed).hasSize(100);
		assertThat(due()).isZero();
	}

	@Test
	void makesNoMoreCallsThanItsShare() {
		queued("internet", 2000, 1);

		sweep();
		assertThat(this.list.calls()).hasSize(7);
		this.clock.advance(Duration.ofMinutes(1));
		sweep();
		assertThat(this.list.calls()).hasSize(13);
	}

	/** Two orders nine minutes apart, and so many of others between them. */
	@Test
	void whereThereAreMorePagesThanOrdersThoseAreRead() {
		queued("internet", 2, 540);
		Instant between = this.now.minusSeconds(3600 + 540 / 2);
		IntStream.range(0, 1000).forEach((i) -> this.list.add("other" + i, TopupStatus.FULFILLED, between));

		sweep();

		assertThat(this.list.calls()).containsExactly("internet 1");
		assertThat(due()).isZero();
	}

	@Test
	void asksByIdForWhatNoPageShows() {
		queued("internet", 5, 1);
		run("update orders_order set upstream_id = 'elsewhere' where upstream_id = 'u2'");

		sweep();

		assertThat(this.looks.alone).extracting(Order::upstreamId).containsExactly("elsewhere");
		assertThat(due()).isZero();
		assertThat(counted("found")).isEqualTo(4);
		assertThat(counted("missed")).isOne();
	}

	/** It is read again until no card is left to be fetched. */
	@Test
	void cardsOfAPageAreFetchedAFewAtATime() {
		queued("internet", 20, 1, TopupStatus.FULFILLED);

		sweep();

		assertThat(this.list.calls()).containsExactly("internet 1", "internet 1", "internet 1");
		assertThat(this.looks.listed).hasSize(20).doesNotHaveDuplicates();
		assertThat(counted("found")).isEqualTo(20);
	}

	@Test
	void aRestIsNotThePagesFault() {
		queued("internet", 3, 1);
		for (int i = 0; i < 4; i++) {
			this.list.answer(new Outcome.NotSent<>(Fault.GATEWAY, "no permit", Duration.ZERO));
			sweep();
		}
		assertThat(due()).isEqualTo(3);

		sweep();

		assertThat(this.looks.listed).hasSize(3);
		assertThat(this.looks.alone).isEmpty();
	}

	@Test
	void aCallThatIsNotMadeIsNoLookAndNotTriedAtOnce() {
		queued("internet", 1, 60);
		this.looks.resting = true;
		sweep();

		assertThat(this.looks.alone).hasSize(1);
		assertThat(due()).isOne();
		this.looks.resting = false;
		sweep();

		assertThat(due()).isZero();
	}

	@Test
	void aPageThatCannotBeReadHoldsUpNothingForEver() {
		queued("internet", 3, 1);
		for (int i = 0; i < 3; i++) {
			this.list.answer(new Outcome.MayHaveActed<>("broken"));
			sweep();
		}

		sweep();

		assertThat(this.list.calls()).hasSize(3);
		assertThat(this.looks.alone).hasSize(3);
		assertThat(due()).isZero();
	}

	@Test
	void aLastPageThatCannotBeReadHoldsUpNothingForEver() {
		queued("internet", 200, 1);
		this.list.breakFrom(2);

		for (int beat = 0; beat < 6; beat++) {
			sweep();
		}

		assertThat(this.list.calls()).containsExactly("internet 1", "internet 2", "internet 2", "internet 2");
		assertThat(this.looks.alone).hasSize(3);
	}

	/** Each of its orders is a call, and there may be thousands. */
	@Test
	void aFirstPageThatCannotBeReadLeavesTheOthersToTheList() {
		queued("internet", 300, 1);
		for (int i = 0; i < 3; i++) {
			this.list.answer(new Outcome.MayHaveActed<>("broken"));
			sweep();
		}

		sweep();

		assertThat(this.list.calls().subList(3, 5)).containsExactly("internet 2", "internet 3");
		assertThat(this.looks.listed).hasSize(200);
	}

	@Test
	void aFamilyThatFailsHoldsUpNoOther() {
		queued("internet", 1, 1);
		queued("mobile", 1, 1);
		this.looks.failing = Family.INTERNET;

		this.slow.run(ACCOUNT, LEASE).onErrorComplete().block(PATIENCE);
		this.slow.run(ACCOUNT, LEASE).onErrorComplete().block(PATIENCE);

		assertThat(this.looks.alone).extracting(Order::family).containsExactly(Family.MOBILE);
	}

	@Test
	void aClockThatIsSetBackHoldsUpNothing() {
		queued("internet", 2000, 1);
		sweep();
		this.clock.advance(Duration.ofHours(-1));

		sweep();

		assertThat(this.list.calls()).hasSize(8);
	}

	@Test
	void familiesTakeTurns() {
		queued("internet", 300, 1);
		queued("mobile", 300, 1);

		sweep();

		assertThat(this.list.calls().subList(0, 4)).containsExactlyInAnyOrder("internet 1", "mobile 1", "internet 2",
				"mobile 2");
	}

	@Test
	void aSweeperThatWasReplacedNotesNothing() {
		queued("internet", 3, 1);
		run("update orders_order set fence = 2");

		this.slow.run(ACCOUNT, LEASE).take(Duration.ofSeconds(5)).block(PATIENCE);

		assertThat(due()).isEqualTo(3);
	}

	/**
	 * Placed evenly over two days, among as many that are of no interest, and due in no
	 * order. Meanwhile a young one is found at once. A fifth of them in a fifth of the
	 * time; all with {@code -Dgrowth.open=100000}.
	 */
	@Test
	@Tag("proof")
	void aHundredThousandAreSeenWithinSixHours() {
		int open = Integer.getInteger("growth.open", 20_000);
		queued("internet", open, 1.728);
		IntStream.range(0, open)
			.forEach((i) -> this.list.add("other" + i, TopupStatus.FULFILLED, at(i, 1.728).plusMillis(864)));
		run("update orders_order set due_at = now() - (hashtext(id) & 65535) * interval '50 milliseconds'");
		run("analyze orders_order");
		queued("internet", 1, 1);
		run("update orders_order set state = 'HANDLING', sent_at = now() where upstream_id = 'u" + open + "'");
		Instant begun = this.clock.instant();

		while (due() > 0 && this.clock.instant().isBefore(begun.plus(Duration.ofHours(7)))) {
			assertThat(await(this.ledger.orders().toFollow(ACCOUNT.id(), Family.INTERNET, 1000).collectList()))
				.hasSize(1);
			for (int beat = 0; beat < 60; beat++) {
				sweep();
				this.clock.advance(BEAT);
			}
		}

		Duration took = Duration.between(begun, this.clock.instant());
		int calls = this.list.calls().size() + this.looks.alone.size();
		System.out.println(open + " orders followed in " + took + " by " + calls + " calls, " + this.looks.alone.size()
				+ " of them for one order");
		assertThat(due()).isZero();
		assertThat(took).isLessThanOrEqualTo(Duration.ofHours(6).multipliedBy(open).dividedBy(100_000));
		assertThat(calls).isLessThanOrEqualTo((int) (took.toMinutes() + 1) * 6 + 6);
	}

	private void sweep() {
		this.slow.run(ACCOUNT, LEASE).block(PATIENCE);
	}

	private void queued(String family, int count, double secondsApart) {
		queued(family, count, secondsApart, TopupStatus.QUEUED);
	}

	/** The first an hour ago, the others before it; the list shows them so. */
	private void queued(String family, int count, double secondsApart, TopupStatus shown) {
		for (int i = 0; i < count; i++) {
			this.list.add("u" + (this.made + i), shown, at(i, secondsApart));
		}
		this.ledger.database()
			.sql("""
					insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                          send_deadline, state, accepted_at, sent_at, upstream_id)
					select lpad(to_hex(:made + i), 24, '0'), 'main', 'shop', :family, 'r' || :made + i, 'up' || :made + i, 'ADSL',
					       '036362608', 1000, now(), 'QUEUED', :first, :first - i * :apart * interval '1 second',
					       'u' || :made + i
					from generate_series(0, :count - 1) i""")
			.bind("made", this.made)
			.bind("family", family)
			.bind("first", at(0, 0))
			.bind("apart", secondsApart)
			.bind("count", count)
			.then()
			.block(PATIENCE);
		this.made += count;
	}

	private Instant at(int i, double secondsApart) {
		return this.now.minusSeconds(3600).minusNanos((long) (i * secondsApart * 1e9));
	}

	private double counted(String result) {
		return this.meters.counter("gateway.polling.orders", "family", "internet", "result", result, "sweep", "slow")
			.count();
	}

	private long due() {
		return await(this.ledger.database()
			.sql("""
					select count(*) from orders_order where state = 'QUEUED' and due_at <= now() and card_reads = 0""")
			.mapValue(Long.class)
			.one());
	}

	private void run(String sql) {
		this.ledger.database().sql(sql).then().block(PATIENCE);
	}

	/** Nothing has changed, but for what is delivered. */
	private static final class Looks extends Look {

		private final List<String> listed = new ArrayList<>();

		private final List<Order> alone = new ArrayList<>();

		private @Nullable Family failing;

		private boolean resting;

		@SuppressWarnings("NullAway") // nothing is asked of them
		Looks() {
			super(null, null, null);
		}

		@Override
		Mono<Order> listed(Pass pass, Order order, Topup row) {
			return Mono.fromSupplier(() -> {
				this.listed.add(row.id());
				return order;
			});
		}

		@Override
		Flux<Order> byId(Pass pass, Iterable<Order> orders) {
			return (pass.family() == this.failing) ? Flux.error(new IllegalStateException("unreadable"))
					: Flux.fromIterable(orders)
						.doOnNext(this.alone::add)
						.filter((order) -> !this.resting || pass.unasked().incrementAndGet() == 0);
		}

	}

}
