package dz.flexy.gateway.signal;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class SignalsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Signals signals = new Signals();

	@Test
	void wakesThoseWhoWaitOnTheTopic() {
		StepVerifier.create(this.signals.on("orders"))
			.then(() -> this.signals.raise("orders"))
			.expectNext("orders")
			.then(() -> this.signals.raise("orders"))
			.expectNext("orders")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void leavesOtherTopicsAsleep() {
		StepVerifier.create(this.signals.on("orders"))
			.then(() -> this.signals.raise("accounts"))
			.then(() -> this.signals.raise("orders"))
			.expectNext("orders")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void forgetsWhatWasRaisedBeforeAnybodyWaited() {
		this.signals.raise("orders");

		StepVerifier.withVirtualTime(() -> this.signals.on("orders"))
			.expectSubscription()
			.expectNoEvent(Duration.ofMinutes(1))
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void manyWakeUpsWhileBusyBecomeOne() {
		StepVerifier.create(this.signals.on("orders"), 0)
			.then(() -> this.signals.raise("orders"))
			.then(() -> this.signals.raise("orders"))
			.then(() -> this.signals.raise("orders"))
			.thenRequest(10)
			.expectNext("orders")
			.then(() -> this.signals.raise("orders"))
			.expectNext("orders")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void aSlowWaiterHoldsNobodyUp() {
		StepVerifier slow = StepVerifier.create(this.signals.on("orders"), 0).thenCancel().verifyLater();

		StepVerifier.create(this.signals.on("orders"))
			.then(() -> this.signals.raise("orders"))
			.then(() -> this.signals.raise("orders"))
			.expectNext("orders", "orders")
			.thenCancel()
			.verify(PATIENCE);
		slow.verify(PATIENCE);
	}

	@Test
	void wakesNewWaitersAfterTheLastHasGone() {
		wakesThoseWhoWaitOnTheTopic();

		wakesThoseWhoWaitOnTheTopic();
	}

}
