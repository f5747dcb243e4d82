package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.orders.FailingConnections;
import dz.flexy.gateway.orders.Ledger;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

class OrderFeedTest {

	private final FailingConnections connections = new FailingConnections(Database.fresh().connections());

	private final Ledger ledger = new Ledger(this.connections);

	private final OrderFeed feed = new OrderFeed(this.ledger.live(), this.ledger.events(), new Log());

	@AfterEach
	void stop() {
		this.ledger.unfollow();
	}

	@Test
	void replaysWhatFollowedTheLastEventSeen() {
		this.ledger.pretendToFollow();
		Order done = this.ledger.move(this.ledger.handled("r1"), OrderState.QUEUED, OrderState.FULFILLED);

		assertThat(await(seen(done, 0).collectList())).containsExactly("1 HANDLING", "2 QUEUED", "3 FULFILLED");
		assertThat(await(seen(done, 2).collectList())).containsExactly("3 FULFILLED");
	}

	@Test
	void whatTheReplayToldIsNotToldAgain() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.handled("r1");

		StepVerifier.create(seen(order, 0))
			.expectNext("1 HANDLING")
			.then(() -> publish(this.ledger.move(order, OrderState.QUEUED), 1, 2, 1, 2))
			.expectNext("2 QUEUED")
			.then(() -> publish(this.ledger.fulfilled("other"), 2))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aMissingNumberIsReadFromTheLog() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.handled("r1");

		StepVerifier.create(seen(order, 0))
			.expectNext("1 HANDLING")
			.then(() -> publish(
					this.ledger.move(order, OrderState.QUEUED, OrderState.UNKNOWN_ERROR, OrderState.FULFILLED), 4))
			.expectNext("2 QUEUED", "3 UNKNOWN_ERROR", "4 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void readsNothingUntilTheLogIsFollowed() {
		Order order = this.ledger.handled("r1");
		this.connections.fail();

		StepVerifier.create(seen(order, 0))
			.then(() -> assertThat(this.connections.refused()).isZero())
			.then(this.connections::heal)
			.then(() -> this.ledger.move(order, OrderState.FULFILLED))
			.then(this.ledger::pretendToFollow)
			.expectNext("1 HANDLING", "2 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void listensBeforeItReads() {
		this.ledger.pretendToFollow();
		this.connections.fail();
		AtomicInteger listeners = new AtomicInteger();
		this.connections.refusals().take(1).subscribe((asked) -> listeners.set(this.ledger.live().listeners()));

		StepVerifier.create(this.feed.follow(new OrderId("0123456789abcdef01234567"), 0))
			.expectSubscription()
			.then(() -> await(this.connections.refusals().next()))
			.thenCancel()
			.verify(LIMIT);

		assertThat(listeners).hasValue(1);
	}

	@Test
	void endsBehindTheCorrectionOfAFinishedOrder() {
		this.ledger.pretendToFollow();
		Order corrected = this.ledger.move(this.ledger.fulfilled("r1"), OrderState.REFUNDED);

		assertThat(await(seen(corrected, 0).collectList())).containsExactly("1 HANDLING", "2 FULFILLED", "3 REFUNDED");
	}

	@Test
	void changesThatCallersDoNotSeeAreNotTold() {
		this.ledger.follow();
		Order order = this.ledger.accept("r1");

		StepVerifier.create(seen(order, 0))
			.expectNext("1 HANDLING")
			.then(() -> this.ledger.move(this.ledger.sending(order), OrderState.HANDLING, OrderState.REFUNDED))
			.expectNext("2 REFUNDED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aSlowReaderGetsEveryEvent() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.accept("r1");
		int last = 1000;

		StepVerifier.create(seen(order, 0).map(OrderFeedTest::number), 1)
			.expectNext(1)
			.then(() -> this.ledger.addEvents(order, 2, last))
			.then(() -> this.ledger.visible(order).forEach(this.ledger::publish))
			.thenRequest(Long.MAX_VALUE)
			.expectNextSequence(IntStream.rangeClosed(2, last).boxed().toList())
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aLossOfTheDatabaseIsOnlyADelay() {
		this.ledger.pretendToFollow();
		Order done = this.ledger.fulfilled("r1");
		this.connections.fail();

		StepVerifier.create(seen(done, 0))
			.then(() -> await(this.connections.refusals().next()))
			.then(this.connections::heal)
			.expectNext("1 HANDLING", "2 FULFILLED")
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whoLeavesListensNoMore() {
		this.ledger.pretendToFollow();
		Order order = this.ledger.accept("r1");

		StepVerifier.create(seen(order, 0))
			.expectNext("1 HANDLING")
			.then(() -> assertThat(this.ledger.live().listeners()).isEqualTo(1))
			.thenCancel()
			.verify(LIMIT);

		assertThat(this.ledger.live().listeners()).isZero();
	}

	@Test
	void readersThatComeAtAnyTimeMissAndRepeatNothing() {
		this.ledger.follow();
		List<Order> orders = IntStream.range(0, 4).mapToObj((i) -> this.ledger.handled("r" + i)).toList();
		Flux<List<Integer>> readers = Flux.range(0, 40)
			.delayElements(Duration.ofMillis(5))
			.flatMap((i) -> seen(orders.get(i % 4), 0).map(OrderFeedTest::number).collectList(), 64);
		Flux<Order> writers = Flux.fromIterable(orders)
			.flatMap((order) -> Mono.fromCallable(() -> this.ledger.move(pingPong(order, 10), OrderState.FULFILLED))
				.subscribeOn(Schedulers.boundedElastic()));

		List<List<Integer>> told = await(readers.mergeWith(writers.thenMany(Flux.empty())).collectList());

		assertThat(told).hasSize(40)
			.allSatisfy((numbers) -> assertThat(numbers)
				.containsExactlyElementsOf(IntStream.rangeClosed(1, 12).boxed().toList()));
	}

	private Order pingPong(Order order, int changes) {
		Order moved = order;
		for (int i = 0; i < changes; i++) {
			moved = this.ledger.move(moved, (i % 2 == 0) ? OrderState.QUEUED : OrderState.UNKNOWN_ERROR);
		}
		return moved;
	}

	private Flux<String> seen(Order order, int after) {
		return this.feed.follow(order.id(), after).map(OrderFeedTest::text);
	}

	/** Hands on events of these numbers, as the tail would. */
	private void publish(Order order, int... numbers) {
		List<OrderEvent> events = this.ledger.visible(order);
		IntStream.of(numbers).forEach((number) -> this.ledger.publish(events.get(number - 1)));
	}

	private static String text(OrderEvent event) {
		return event.number().orElseThrow() + " " + event.status();
	}

	private static int number(String text) {
		return Integer.parseInt(text.split(" ")[0]);
	}

}
