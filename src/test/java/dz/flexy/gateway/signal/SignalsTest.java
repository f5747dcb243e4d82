package dz.flexy.gateway.signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
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
	void handsOnWhatIsRaisedWhileASubscriberIsBusy() {
		List<String> heard = new ArrayList<>();
		this.signals.on("orders").subscribe((topic) -> {
			heard.add(topic);
			if (heard.size() == 1) {
				CompletableFuture.runAsync(() -> this.signals.raise("orders")).join();
			}
		});

		this.signals.raise("orders");

		assertThat(heard).containsExactly("orders", "orders");
	}

	/** The database may have answered before the subscriber's own thread goes on. */
	@Test
	void hearsTheWakeUpThatItsOwnSubscriptionCauses() {
		Disposable database = this.signals.outgoing()
			.subscribe((more) -> this.signals.heard().forEach(this.signals::wake));

		StepVerifier.create(this.signals.on("orders")).expectNext("orders").thenCancel().verify(PATIENCE);
		database.dispose();
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
