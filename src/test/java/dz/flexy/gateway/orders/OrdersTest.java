package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What the ledger's verbs do besides their statements. */
class OrdersTest {

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Orders orders = this.ledger.orders();

	/** Neither the log's readers nor the sending then wait for their own next look. */
	@Test
	void whatIsCommittedWakesWhoeverWaitsForIt() {
		Order order = this.ledger.accept("r1");
		Order other = this.ledger.accept("r2");

		wakes(Orders.ACCEPTED, () -> this.ledger.accept("r3"));
		wakes(Orders.CHANGED, () -> this.ledger.accept("r4"));
		wakes(Orders.CHANGED, () -> this.ledger.sending(order));
		wakes(Orders.CHANGED, () -> await(this.orders.apply(this.ledger.sending(other), Change.note())));
		wakes(Orders.CHANGED, () -> assertThat(await(this.orders.doubtAccepted(ACCOUNT, 10))).isEqualTo(2));
		StepVerifier.create(this.ledger.signals().on(Orders.CHANGED))
			.expectSubscription()
			.then(() -> assertThat(await(this.orders.doubtAccepted(ACCOUNT, 10))).isZero())
			.then(() -> assertThat(this.orders.apply(order, Change.note()).blockOptional(LIMIT)).isEmpty())
			.expectNoEvent(Duration.ofMillis(100))
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void noOrderGoesWhereItsStateDoesNotLead() {
		Order over = this.ledger.fulfilled("r1");

		assertThatIllegalStateException().isThrownBy(() -> this.orders.apply(over, Change.to(OrderState.SENDING)))
			.withMessageContaining(over.id().value());
	}

	@Test
	void aRefusalIsKeptAsItWasTold() {
		Problem problem = Problem.of(ErrorCode.SEND_FAILED, "lost").detail("x", 1).money(false, true);

		Order rejected = await(this.orders.reject(this.ledger.accept("r1"), problem));
		Order doubted = await(this.orders.doubt(this.ledger.sending(this.ledger.accept("r2")), problem));

		assertThat(rejected.state()).isEqualTo(OrderState.REJECTED);
		assertThat(rejected.reason()).isEqualTo("NOT_CHARGED: SEND_FAILED: lost");
		assertThat(doubted.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		for (Order order : List.of(rejected, doubted)) {
			Problem kept = order.refusal().orElseThrow();
			assertThat(kept.code()).isEqualTo("SEND_FAILED");
			assertThat(kept.details()).isEqualTo(problem.details());
		}
	}

	@Test
	void ordersAreFoundByTheUpstreamsIdsOfTheirAccount() {
		Order order = await(this.orders.apply(this.ledger.sending(this.ledger.accept("r1")),
				Change.to(OrderState.HANDLING).upstreamId("u1")));
		List<String> ids = List.of("u1", "u2");

		assertThat(await(this.orders.known(ACCOUNT, ids))).containsExactly("u1");
		assertThat(await(this.orders.byUpstreamIds(ACCOUNT, ids))).isEqualTo(Map.of("u1", order.id()));
		assertThat(await(this.orders.byUpstreamIds(ACCOUNT, List.of()))).isEmpty();
		assertThat(await(this.orders.byUpstreamIds(new AccountId("other"), ids))).isEmpty();
		assertThat(await(this.orders.all(ACCOUNT, List.of(), ids).collectList())).hasSize(1);
		assertThat(await(this.orders.all(ACCOUNT, List.of(order.id()), List.of()).collectList())).hasSize(1);
		assertThat(this.orders.all(ACCOUNT, List.of(), List.of()).collectList().block(LIMIT)).isEmpty();
		assertThat(await(this.orders
			.accepted(ACCOUNT, order.acceptedAt().minusSeconds(9), order.acceptedAt().plusSeconds(9), Optional.empty(),
					9)
			.collectList())).hasSize(1);
		assertThat(await(this.orders
			.accepted(ACCOUNT, order.acceptedAt().minusSeconds(9), order.acceptedAt().plusSeconds(9),
					Optional.of(order.id()), 9)
			.collectList())).isEmpty();
	}

	@Test
	void anOutcomeIsWaitedFor() {
		Order order = this.ledger.sending(this.ledger.accept("r1"));

		StepVerifier.create(this.orders.outcome(order.id()))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(100))
			.then(() -> this.ledger.move(order, OrderState.HANDLING))
			.expectNext(OrderState.HANDLING)
			.expectComplete()
			.verify(LIMIT);
	}

	private void wakes(String signal, Runnable verb) {
		StepVerifier.create(this.ledger.signals().on(signal))
			.then(verb)
			.expectNextCount(1)
			.thenCancel()
			.verify(Duration.ofSeconds(5));
	}

}
