package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** What is doubted of a restored ledger, and when. */
@TestInstance(Lifecycle.PER_CLASS)
class RestoreLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Many times as long as the job takes. */
	private static final Duration A_WHILE = Duration.ofMillis(500);

	private LedgerUnderTest held;

	@BeforeAll
	void start() {
		this.held = LedgerUnderTest.start(Map.of("gateway.dispatch.hold", true));
	}

	@AfterAll
	void close() {
		this.held.close();
	}

	/** More than one batch; and nothing that is accepted afterwards, elsewhere. */
	@Test
	void allThatIsAcceptedIsDoubtedOnceAtTheStart() {
		Order first = this.held.accepted();
		this.held.execute("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
				  accepted_at, send_deadline, state, answer, due_at)
				select lpad(i::text, 24, '0'), account, caller, family, 'many-' || i, 'fg' || lpad(i::text, 24, '0'),
				  product, number, value, accepted_at, send_deadline, state, answer, due_at
				from orders_order, generate_series(1, 1000) i where id = '%s'""".formatted(first.id().value()));
		Order looked = this.held.set(this.held.unknown(), "absences = 1, absent_at = now()");

		AtomicReference<Order> later = new AtomicReference<>();

		StepVerifier.create(job(this.held)).expectSubscription().then(() -> {
			untilNoneIsAccepted();
			later.set(this.held.accepted());
		}).expectNoEvent(A_WHILE).thenCancel().verify(PATIENCE);

		assertThat(this.held.stored(later.get()).state()).isEqualTo(OrderState.ACCEPTED);
		Order doubted = this.held.stored(first);
		assertThat(doubted.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(doubted.sending().count()).isOne();
		assertThat(this.held.stored(looked).sending().absences()).isZero();
	}

	@Test
	void withoutHoldNothingIsDoubted() {
		try (LedgerUnderTest open = LedgerUnderTest.start()) {
			Order accepted = open.accepted();
			Order looked = open.set(open.unknown(), "absences = 1, absent_at = now()");

			StepVerifier.create(job(open)).expectSubscription().expectNoEvent(A_WHILE).thenCancel().verify(PATIENCE);

			assertThat(open.stored(accepted).state()).isEqualTo(OrderState.ACCEPTED);
			assertThat(open.stored(looked).sending().absences()).isOne();
		}
	}

	private static Flux<?> job(LedgerUnderTest ledger) {
		return new RestoreLoop(ledger.bean(Orders.class), ledger.bean(Accounts.class),
				ledger.bean(DispatchProperties.class), new SimpleMeterRegistry())
			.job();
	}

	private void untilNoneIsAccepted() {
		Flux.interval(Duration.ZERO, Duration.ofMillis(20), Schedulers.boundedElastic())
			.onBackpressureDrop()
			.map((look) -> this.held.row("select count(*) from orders_order where state = 'ACCEPTED'"))
			.filter("0"::equals)
			.blockFirst(PATIENCE);
	}

}
