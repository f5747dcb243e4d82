package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Idempotency;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.OrderTraces;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Closing;
import dz.flexy.gateway.signal.Signals;
import dz.flexy.gateway.upstream.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The two jobs that claim orders, each begun by the test, and how they stop. */
@TestInstance(Lifecycle.PER_CLASS)
class ClaimLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Longer than any patience here. */
	private static final Duration NEVER_OVER = Duration.ofMinutes(1);

	/** Many times as long as a claim takes. */
	private static final Duration A_WHILE = Duration.ofMillis(500);

	private LedgerUnderTest ledger;

	private Closing closing;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest
			.start(Map.of("gateway.dispatch.send-within", "10s", "gateway.upstream.response-timeout", "10s"));
		this.closing = new Closing(new GenericApplicationContext());
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void whatIsDueIsSettled() {
		Order due = this.ledger.set(this.ledger.unknown(),
				"due_at = now(), sends = 3, send_by = now() - interval '1 day'");
		Order claimed = this.ledger.set(this.ledger.unknown(),
				"due_at = now() + interval '1 minute', sends = 3, send_by = now() - interval '1 day'");

		whileRuns(settleLoop(this.closing), () -> until(due, (order) -> order.state() == OrderState.REJECTED));

		assertThat(this.ledger.stored(claimed).version()).isEqualTo(claimed.version());
	}

	@Test
	void whatIsAcceptedIsSent() {
		Order late = this.ledger.set(this.ledger.accepted("036362602"), "send_deadline = now()");
		whileRuns(dispatchLoop(this.closing, this.ledger.bean(DispatchProperties.class)), () -> {
			until(this.ledger.accepted("036362601"), (order) -> order.state() == OrderState.HANDLING);
			until(late, (order) -> order.state() == OrderState.REJECTED);
		});
	}

	/** Else each claim would go on looking for something of his. */
	@Test
	void whoIsIdleIsForgotten() {
		this.ledger.execute("""
				insert into orders_turn (account, caller, served, waits_since, asked_at)
				values ('%s', 'idle', 0, now(), now() - interval '2 minutes')""".formatted(this.ledger.account().id()));

		whileRuns(dispatchLoop(this.closing, this.ledger.bean(DispatchProperties.class)),
				() -> until(() -> this.ledger
					.row("select count(*) from orders_turn where caller = 'idle' and waits_since is not null")
					.equals("0")));
	}

	@Test
	void nothingIsSentOnHold() {
		DispatchProperties open = this.ledger.bean(DispatchProperties.class);
		try (LedgerUnderTest held = LedgerUnderTest.start(Map.of("gateway.dispatch.hold", true))) {
			assertThat(open.hold()).isFalse();
			StepVerifier.create(dispatchLoop(this.closing, held.bean(DispatchProperties.class)).job())
				.expectSubscription()
				.expectNoEvent(A_WHILE)
				.thenCancel()
				.verify(PATIENCE);
		}
	}

	@Test
	void nothingIsClaimedOnceTheGatewayStops() {
		ApplicationContext context = new GenericApplicationContext();
		Closing begun = new Closing(context);
		begun.closed(new ContextClosedEvent(context));
		Order accepted = this.ledger.accepted("036362604");
		Order unknown = this.ledger.set(this.ledger.unknown(), "due_at = now()");

		whileRuns(settleLoop(begun), () -> whileRuns(dispatchLoop(begun, this.ledger.bean(DispatchProperties.class)),
				() -> Mono.delay(A_WHILE).block()));

		assertThat(this.ledger.stored(accepted).version()).isEqualTo(accepted.version());
		assertThat(this.ledger.stored(unknown).version()).isEqualTo(unknown.version());
		this.ledger.set(accepted, "state = 'REJECTED'");
		this.ledger.set(unknown, "state = 'REJECTED'");
	}

	@Test
	void whatIsLeftAtTheStopIsHandedOver() {
		Order accepted = later(this.ledger.accepted());
		Order sending = later(this.ledger.sending());
		Order begunSince = later(this.ledger.accepted());
		Order unknown = later(this.ledger.unknown());
		Order movedOn = later(this.ledger.unknown());
		Order done = later(this.ledger.unknown());
		SettleLoop loop = settleLoop(this.closing);
		Disposable work = loop.during(List.of(accepted, sending, begunSince, unknown, movedOn, done), Mono.never())
			.subscribe();
		Order begun = this.ledger.begin(begunSince);
		Order moved = later(this.ledger.apply(movedOn, Change.note()));
		Order handled = this.ledger.apply(done, Change.to(OrderState.HANDLING).dueIn(Duration.ofMinutes(1)));

		stop(loop);
		work.dispose();

		assertHandedOver(accepted, OrderState.ACCEPTED);
		assertHandedOver(sending, OrderState.SEND_UNKNOWN);
		assertThat(this.ledger.stored(sending).reason()).isEqualTo("the gateway was stopped");
		assertHandedOver(begun, OrderState.SEND_UNKNOWN);
		assertHandedOver(unknown, OrderState.SEND_UNKNOWN);
		assertThat(this.ledger.stored(moved).version()).isEqualTo(moved.version());
		assertThat(this.ledger.stored(handled).version()).isEqualTo(handled.version());
	}

	/** The process waits for it. */
	@Test
	void aSendOfGiftCardsIsNotCutOff() {
		Order cards = this.ledger.begin(cards());
		SettleLoop loop = settleLoop(this.closing);
		Disposable work = loop.during(List.of(cards), Mono.never()).subscribe();

		stop(loop);
		work.dispose();

		assertThat(this.ledger.stored(cards).state()).isEqualTo(OrderState.SENDING);
	}

	@Test
	void whatIsOverIsNotHandedOverAndKeepsNobodyWaiting() {
		Order order = later(this.ledger.accepted());
		SettleLoop loop = settleLoop(this.closing, NEVER_OVER);
		loop.during(List.of(order), Mono.empty()).block(PATIENCE);
		loop.during(List.of(order), Mono.error(new IllegalStateException("no"))).onErrorComplete().block(PATIENCE);

		stop(loop);

		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
	}

	@Test
	void aStopWaitsAMomentForWhatIsUnderWay() {
		Order order = later(this.ledger.accepted());
		SettleLoop loop = settleLoop(this.closing, NEVER_OVER);
		Sinks.Empty<Void> end = Sinks.empty();
		Disposable work = loop.during(List.of(order), end.asMono()).subscribe();
		CompletableFuture<Void> stopped = begunToStop(loop);
		assertThat(stopped).isNotDone();

		end.tryEmitEmpty().orThrow();

		assertThat(stopped).succeedsWithin(PATIENCE);
		work.dispose();
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
	}

	private void assertHandedOver(Order before, OrderState state) {
		Order after = this.ledger.stored(before);
		assertThat(after.state()).isEqualTo(state);
		assertThat(after.version()).isEqualTo(before.version() + 1);
		assertThat(this.ledger.pause(after)).isZero();
	}

	private static void stop(ClaimLoop loop) {
		assertThat(begunToStop(loop)).succeedsWithin(PATIENCE);
	}

	private static CompletableFuture<Void> begunToStop(ClaimLoop loop) {
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		loop.stop(() -> stopped.complete(null));
		return stopped;
	}

	private Order later(Order order) {
		return this.ledger.set(order, "due_at = now() + interval '1 minute'");
	}

	private void until(Order order, Predicate<Order> condition) {
		until(() -> condition.test(this.ledger.stored(order)));
	}

	private static void until(BooleanSupplier condition) {
		Flux.interval(Duration.ZERO, Duration.ofMillis(20), Schedulers.boundedElastic())
			.onBackpressureDrop()
			.filter((look) -> condition.getAsBoolean())
			.blockFirst(PATIENCE);
	}

	private Order cards() {
		Caller caller = new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100,
				Duration.ofSeconds(60), Optional.empty());
		Item item = new Item.GiftCards("507f1f77bcf86cd799439011", "type_001", 1, BigDecimal.ZERO, Optional.empty());
		return this.ledger.bean(Orders.class)
			.accept(new NewOrder(caller, Family.GIFT_CARD, Optional.of("cards"), item, Duration.ofMinutes(2),
					Optional.empty(), Optional.empty()))
			.block(PATIENCE);
	}

	private SettleLoop settleLoop(Closing stop) {
		return settleLoop(stop, A_WHILE);
	}

	private SettleLoop settleLoop(Closing stop, Duration lastMoment) {
		return new SettleLoop(this.ledger.bean(Orders.class), this.ledger.bean(Accounts.class),
				this.ledger.bean(Settling.class), this.ledger.bean(Idempotency.class),
				this.ledger.bean(OrderTraces.class), Spans.off(), stop, new SimpleMeterRegistry()) {

			@Override
			Duration lastMoment() {
				return lastMoment;
			}

			@Override
			Duration patience() {
				return PATIENCE;
			}

		};
	}

	private DispatchLoop dispatchLoop(Closing stop, DispatchProperties properties) {
		return new DispatchLoop(this.ledger.bean(Orders.class), this.ledger.bean(Accounts.class),
				this.ledger.bean(Sender.class), this.ledger.bean(Upstream.class), this.ledger.bean(Backlog.class),
				this.ledger.bean(Signals.class), properties, this.ledger.bean(OrderTraces.class), Spans.off(), stop,
				new SimpleMeterRegistry());
	}

	private static void whileRuns(ClaimLoop loop, Runnable work) {
		loop.start();
		try {
			work.run();
		}
		finally {
			loop.stop();
		}
	}

}
