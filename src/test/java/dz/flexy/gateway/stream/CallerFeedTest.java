package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.orders.FailingConnections;
import dz.flexy.gateway.orders.Ledger;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Selection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("shows only what is older than any open transaction of the database server")
class CallerFeedTest {

	private static final LastEventId NEW = new LastEventId.None();

	private final FailingConnections connections = new FailingConnections(Database.fresh().connections());

	private final Ledger ledger = new Ledger(this.connections);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final CallerFeed feed = new CallerFeed(this.ledger.live(), this.ledger.events(), new Log(),
			new Frames(JsonMapper.shared()), new StreamMeters(this.meters));

	@AfterEach
	void stop() {
		this.ledger.unfollow();
	}

	@Test
	void beginsWithTheOpenOrdersAndThePlace() {
		this.ledger.pretendToFollow();
		this.ledger.accept("r1");
		this.ledger.handled("r2");
		this.ledger.fulfilled("done");
		this.ledger.accept(OTHER, "theirs");

		StepVerifier.create(told(NEW))
			.expectNext("status 1 r1 HANDLING", "status 2 r2 HANDLING", "7")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void tellsWhatHappensFromThenOn() {
		this.ledger.follow();
		Order order = this.ledger.accept("r1");

		StepVerifier.create(told(NEW)).expectNext("status 1 r1 HANDLING", "1").then(() -> {
			this.ledger.accept(OTHER, "theirs");
			this.ledger.move(this.ledger.sending(order), OrderState.FULFILLED);
			this.ledger.accept("r2");
		}).expectNext("status 4 r1 FULFILLED", "status 5 r2 HANDLING").thenCancel().verify(LIMIT);
	}

	@Test
	void aCallerWithoutOrdersHearsOfHisFirst() {
		this.ledger.follow();

		StepVerifier.create(told(NEW))
			.expectNext("0")
			.then(() -> this.ledger.accept("r1"))
			.expectNext("status 1 r1 HANDLING")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void replaysWhatFollowedTheLastEventSeen() {
		this.ledger.pretendToFollow();
		this.ledger.fulfilled("r1");
		this.ledger.accept("r2");

		StepVerifier.create(told(seen(1)))
			.expectNext("status 3 r1 FULFILLED", "status 4 r2 HANDLING")
			.thenCancel()
			.verify(LIMIT);
		StepVerifier.create(told(seen(0)))
			.expectNext("status 1 r1 HANDLING", "status 3 r1 FULFILLED", "status 4 r2 HANDLING")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void replaysMoreThanABatch() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.accept("r1");
		this.ledger.addEvents(order, 2, 451);

		StepVerifier.create(told(seen(1)).take(450).collectList())
			.assertNext((all) -> assertThat(all).containsExactlyElementsOf(
					IntStream.rangeClosed(2, 451).mapToObj((i) -> "status " + i + " r1 QUEUED").toList()))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whatTheReplayToldIsNotToldAgain() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.fulfilled("r1");
		Order late = this.ledger.accept("r2");

		StepVerifier.create(told(seen(1)))
			.expectNext("status 3 r1 FULFILLED", "status 4 r2 HANDLING")
			.then(() -> this.ledger.visible(order).forEach(this.ledger::publish))
			.then(() -> this.ledger.visible(this.ledger.fulfilled("r3")).forEach(this.ledger::publish))
			.expectNext("status 5 r3 HANDLING", "status 7 r3 FULFILLED")
			.then(() -> this.ledger.visible(late).forEach(this.ledger::publish))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void readsNothingUntilTheLogIsFollowed() {
		Order order = this.ledger.handled("r1");
		this.connections.fail();

		StepVerifier.create(told(seen(1)))
			.then(() -> assertThat(this.connections.refused()).isZero())
			.then(this.connections::heal)
			.then(() -> this.ledger.move(order, OrderState.FULFILLED))
			.then(this.ledger::pretendToFollow)
			.expectNext("status 4 r1 FULFILLED")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void listensBeforeItReads() {
		this.ledger.pretendToFollow();
		this.connections.fail();
		AtomicInteger listeners = new AtomicInteger();
		this.connections.refusals().take(1).subscribe((asked) -> listeners.set(this.ledger.live().listeners()));

		StepVerifier.create(told(NEW))
			.expectSubscription()
			.then(() -> await(this.connections.refusals().next()))
			.thenCancel()
			.verify(LIMIT);

		assertThat(listeners).hasValue(1);
	}

	@Test
	void anIdThatCannotBeHonouredResetsToTheOpenOrders() {
		this.ledger.follow();
		this.ledger.fulfilled("done");
		this.ledger.accept("r1");
		long theirs = await(this.ledger.events().last(Optional.of(this.ledger.accept(OTHER, "theirs").caller())))
			.position();

		for (LastEventId id : List.of(new LastEventId.Unusable(), seen(999), seen(theirs))) {
			StepVerifier.create(told(id).take(1)).expectNext("reset 4 [r1 HANDLING]").expectComplete().verify(LIMIT);
		}
	}

	@Test
	void afterAResetItGoesOn() {
		this.ledger.follow();
		this.ledger.accept("r1");

		StepVerifier.create(told(new LastEventId.Unusable()))
			.expectNext("reset 1 [r1 HANDLING]")
			.then(() -> this.ledger.accept("r2"))
			.expectNext("status 2 r2 HANDLING")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aSlowReaderGetsTheLatestOfEachOrderMarked() {
		this.ledger.follow();
		Order order = this.ledger.handled("r1");

		StepVerifier.create(told(NEW), 2)
			.expectNext("status 1 r1 HANDLING", "1")
			.then(() -> this.ledger.addEvents(order, 2, 401))
			.then(() -> this.ledger.accept("r2"))
			.then(() -> heard("r3"))
			.thenRequest(Long.MAX_VALUE)
			.expectNext("status 403 r1 QUEUED skipped", "status 404 r2 HANDLING", "status 405 r3 HANDLING")
			.thenCancel()
			.verify(LIMIT);
		assertThat(this.meters.counter("gateway.stream.conflated").count()).isOne();
	}

	@Test
	void tellsOnlyWhatIsWanted() {
		this.ledger.follow();
		Order order = this.ledger.accept("r1");
		this.ledger.fulfilled("r2");

		StepVerifier.create(told(finals(true), seen(0))).expectNext("status 4 r2 FULFILLED").then(() -> {
			this.ledger.accept("r3");
			this.ledger.move(this.ledger.sending(order), OrderState.FULFILLED);
		}).expectNext("status 7 r1 FULFILLED").thenCancel().verify(LIMIT);
		StepVerifier.create(told(finals(false), NEW))
			.expectNext("status 5 r3 HANDLING", "7")
			.thenCancel()
			.verify(LIMIT);
		StepVerifier.create(told(finals(false), new LastEventId.Unusable()))
			.expectNext("reset 7 [r3 HANDLING]")
			.thenCancel()
			.verify(LIMIT);
		StepVerifier.create(told(ofStatus("QUEUED"), new LastEventId.Unusable()))
			.expectNext("reset 7 []")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aReplayEndsWithThePlaceIfNothingAtItsEndIsWanted() {
		this.ledger.pretendToFollow();
		this.ledger.fulfilled("r1");
		this.ledger.accept("r2");

		StepVerifier.create(told(finals(true), seen(1)))
			.expectNext("status 3 r1 FULFILLED", "4")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void thePlaceAdvancesPastWhatIsNotWanted() {
		this.ledger.follow();
		Order order = this.ledger.accept("r1");

		StepVerifier.create(told(finals(true), NEW))
			.expectNext("1")
			.then(() -> this.ledger.addEvents(order, 2, 102))
			.expectNextMatches((place) -> place.matches("\\d+") && Integer.parseInt(place) >= 100)
			.then(() -> this.ledger.fulfilled("r2"))
			.expectNext("status 105 r2 FULFILLED")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void showsAnOperatorWhatHappensToEverybodysOrders() {
		this.ledger.follow();
		this.ledger.accept("mine");
		this.ledger.accept(OTHER, "theirs");
		Selection everything = new Selection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
				true, false);

		StepVerifier.create(told(everything, NEW))
			.expectNext("status 1 mine HANDLING shop", "status 2 theirs HANDLING other", "2")
			.then(() -> this.ledger.accept(OTHER, "more"))
			.expectNext("status 3 more HANDLING other")
			.thenCancel()
			.verify(LIMIT);
		StepVerifier.create(told(everything, seen(1)))
			.expectNext("status 2 theirs HANDLING other", "status 3 more HANDLING other")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aReaderTooFarBehindIsCutOff() {
		this.ledger.pretendToFollow();
		this.ledger.accept("first");

		StepVerifier.create(told(NEW), 2)
			.expectNext("status 1 first HANDLING", "1")
			.then(() -> IntStream.rangeClosed(2, 10_002)
				.forEach((position) -> this.ledger.publish(Events.event("order" + position, position))))
			.thenRequest(Long.MAX_VALUE)
			.thenConsumeWhile((event) -> true)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.meters.counter("gateway.stream.cut", "reason", "behind").count()).isOne();
	}

	@Test
	void aLossOfTheDatabaseIsOnlyADelay() {
		this.ledger.pretendToFollow();
		this.ledger.accept("r1");
		this.connections.fail();

		StepVerifier.create(told(NEW))
			.then(() -> await(this.connections.refusals().next()))
			.then(this.connections::heal)
			.expectNext("status 1 r1 HANDLING", "1")
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void whoLeavesListensNoMore() {
		this.ledger.pretendToFollow();

		StepVerifier.create(told(NEW)).expectNext("0").thenCancel().verify(LIMIT);

		assertThat(this.ledger.live().listeners()).isZero();
	}

	@Test
	void readersThatComeAtAnyTimeMissAndRepeatNothing() {
		this.ledger.follow();
		this.ledger.accept("first");
		int orders = 120;
		Flux<List<String>> readers = Flux.range(0, 20)
			.delayElements(Duration.ofMillis(10))
			.flatMap((i) -> told(seen(1)).take(orders).collectList(), 64);
		Flux<Order> writers = Flux.range(0, orders)
			.flatMap((i) -> this.ledger.orders().accept(Ledger.order(SHOP, "r" + i)), 8);

		List<List<String>> told = await(readers.mergeWith(writers.thenMany(Flux.empty())).collectList());

		assertThat(told).hasSize(20)
			.allSatisfy(
					(events) -> assertThat(events).doesNotHaveDuplicates().hasSize(orders).isEqualTo(told.getFirst()));
	}

	private Flux<String> told(LastEventId last) {
		return told(Selection.of(SHOP), last);
	}

	private Flux<String> told(Selection wanted, LastEventId last) {
		return this.feed.follow(wanted, last).map(CallerFeedTest::text);
	}

	private static Selection finals(boolean only) {
		return new Selection(Optional.of(SHOP), Optional.empty(), Optional.empty(), Optional.of(only), false, false);
	}

	private static Selection ofStatus(String status) {
		return new Selection(Optional.of(SHOP), Optional.of("ADSL"), Optional.of(status), Optional.empty(), false,
				false);
	}

	/** Accepts an order and waits until all readers were told of it. */
	private void heard(String ref) {
		await(this.ledger.live()
			.all()
			.filter((event) -> event.ref().equals(ref))
			.mergeWith(this.ledger.orders().accept(Ledger.order(SHOP, ref)).then(Mono.empty()))
			.next());
	}

	private static LastEventId seen(long position) {
		return new LastEventId.Seen(position);
	}

	/** For example {@code status 4 r1 FULFILLED}. */
	private static String text(Frame frame) {
		String name = "";
		String id = "";
		String data = "";
		for (String line : frame.toString().split("\n")) {
			name = line.startsWith("event: ") ? line.substring(7) + " " : name;
			id = line.startsWith("id: ") ? line.substring(4) : id;
			data = line.startsWith("data: ") ? " " + data(JsonMapper.shared().readTree(line.substring(6))) : data;
		}
		return name + id + data;
	}

	private static String data(JsonNode data) {
		if (data.has("orders")) {
			return data.path("orders").valueStream().map(CallerFeedTest::data).toList().toString();
		}
		return data.path("ref").asString() + " " + data.path("status").asString()
				+ (data.path("skipped").asBoolean(false) ? " skipped" : "")
				+ (data.has("caller") ? " " + data.path("caller").asString() : "");
	}

}
